#include "core/work_pool.h"

#include <boost/asio/async_result.hpp>
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
    // The caller stays at home: it may be cancelled there while its work is under way.
    auto begin = [&](auto resume) {
        boost::asio::post(*threads_, [&, home, resume = std::move(resume)]() mutable {
            try {
                job();
            } catch (...) {
                failure = std::current_exception();
            }
            boost::asio::post(home, std::move(resume));
        });
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
        std::move(begin), boost::asio::use_awaitable
    );
    if (failure) std::rethrow_exception(failure);
}

}  // namespace afterresume
