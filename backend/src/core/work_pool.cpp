#include "core/work_pool.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace afterresume {

WorkPool::WorkPool(std::size_t threads)
    : threads_(std::make_unique<boost::asio::thread_pool>(threads)) {}

WorkPool::~WorkPool() { threads_->join(); }

Task<void> WorkPool::execute(std::function<void()> job) {
    auto home = co_await boost::asio::this_coro::executor;
    std::exception_ptr failure;
    co_await boost::asio::post(
        threads_->get_executor(),
        boost::asio::bind_executor(threads_->get_executor(), boost::asio::use_awaitable)
    );
    try {
        job();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await boost::asio::post(home, boost::asio::bind_executor(home, boost::asio::use_awaitable));
    if (failure) std::rethrow_exception(failure);
}

}  // namespace afterresume
