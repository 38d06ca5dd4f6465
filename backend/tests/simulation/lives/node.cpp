#include "node.h"

#include <utility>

namespace afterresume::lives {

using namespace std::chrono_literals;

Node::Node(Ground given)
    : Process(given),
      worker_(
          {.io = io,
           .database = link,
           .workflows = workflows,
           .rights = rights_,
           .doorbell = doorbell,
           .pool = pool_,
           .clock = clock,
           .log = given.log,
           .cancels = &cancels},
          {.concurrency = 4, .rescue_cap = 1'000, .rescue_apart = 500ms}
      ),
      scheduler_({io, link, types, queue, rights_, bell, cancels, clock, given.log}, {}) {
    begin(work(), [this](const std::string& failure) {
        if (failure.empty()) return;
        ground.course.tell("a process ends: {}", failure);
        ended_ = true;
    });
}

Task<void> Node::work() {
    co_await worker_.open();
    open_ = true;
    begin(scheduler_.run(), [](const std::string&) {});
    co_await worker_.run();
}

void Node::drain(milliseconds grace) {
    if (std::exchange(stopping_, true)) return;
    begin(stop(grace), [this](const std::string& failure) {
        if (!failure.empty()) ground.course.fault("a process did not end well: {}", failure);
        ended_ = true;
    });
}

Task<void> Node::stop(milliseconds grace) {
    if (!open_) co_return;
    co_await scheduler_.stop();
    auto quick = link.is_quick();
    co_await worker_.stop(grace);
    if (quick && link.is_quick()) ground.oracle.signed_off(worker_.id());
}

}  // namespace afterresume::lives
