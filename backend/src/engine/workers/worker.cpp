#include "engine/workers/worker.h"

#include "engine/workers/desk.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace afterresume::workers {

namespace asio = boost::asio;

Worker::Worker(Parts parts, Options options)
    : desk_(std::make_shared<Desk>(parts, std::move(options))) {
    parts.doorbell.listen(this, [desk = std::weak_ptr(desk_)](const auto& where) {
        if (auto here = desk.lock()) here->ring(where);
    });
    if (parts.cancels == nullptr) return;
    parts.cancels->listen(this, [desk = std::weak_ptr(desk_)](const auto&) {
        if (auto here = desk.lock()) here->beat_soon();
    });
}

Worker::~Worker() {
    desk_->stop_beating();
    desk_->parts().doorbell.forget(this);
    if (desk_->parts().cancels != nullptr) desk_->parts().cancels->forget(this);
}

Task<void> Worker::open() { return desk_->open(); }

Task<void> Worker::run() {
    auto& io = desk_->parts().io;
    desk_->start_beating();
    asio::co_spawn(io, desk_->rescue_loop(), asio::detached);
    return desk_->claim_loop();
}

Task<void> Worker::stop(std::chrono::milliseconds grace) { return desk_->stop(grace); }

Task<std::size_t> Worker::work_until_idle() {
    std::size_t made = 0;
    for (;;) {
        co_await desk_->beat_if_due();
        // What ends while a turn is under way may have left follow-ups that the turn did not see.
        auto was_idle = desk_->idle();
        auto got = co_await desk_->thorough_turn();
        made += got;
        if (got > 0) continue;
        if (desk_->may_claim_more()) {
            co_await desk_->wait(contended_pause);
        } else if (was_idle && !desk_->heard_ring()) {
            co_return made;
        } else if (!desk_->idle()) {
            co_await desk_->wait(desk_->options().longest_poll);
        }
    }
}

Task<std::size_t> Worker::claim_once() { return desk_->thorough_turn(); }
Task<std::size_t> Worker::beat_once() { return desk_->beat(); }
Task<std::size_t> Worker::rescue_once() { return desk_->rescue(); }
const Uuid& Worker::id() const { return desk_->id(); }
std::size_t Worker::active() const { return desk_->running(); }

}  // namespace afterresume::workers
