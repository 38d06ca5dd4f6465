#include "engine/orchestration/together.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace afterresume::orchestration {

namespace asio = boost::asio;

namespace {

struct Lanes {
    std::function<Task<void>(std::size_t)> make;
    std::size_t count;
    std::size_t next = 0;
    bool failed = false;
};

Task<void> drive(Lanes& lanes) {
    try {
        while (lanes.next < lanes.count && !lanes.failed) co_await lanes.make(lanes.next++);
    } catch (...) {
        lanes.failed = true;
        throw;
    }
}

}  // namespace

Task<void> for_all(
    std::size_t count, std::size_t at_once, std::function<Task<void>(std::size_t)> make
) {
    auto width = std::min(count, at_once);
    if (width == 0) co_return;
    auto executor = co_await asio::this_coro::executor;
    Lanes lanes{std::move(make), count};
    auto lane = [&] { return asio::co_spawn(executor, drive(lanes), asio::deferred); };
    std::vector<decltype(lane())> all;
    while (all.size() < width) all.push_back(lane());
    auto [order, failures] =
        co_await asio::experimental::make_parallel_group(std::move(all))
            .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    for (auto ended : order) {
        if (failures[ended]) std::rethrow_exception(failures[ended]);
    }
}

}  // namespace afterresume::orchestration
