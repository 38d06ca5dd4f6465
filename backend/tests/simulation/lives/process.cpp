#include "process.h"

#include <boost/asio/co_spawn.hpp>

namespace afterresume::lives {

namespace {

std::string sentence_of(const std::exception_ptr& error) {
    if (!error) return {};
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& failure) {
        return failure.what();
    }
}

}  // namespace

Process::Process(Ground given)
    : ground(given),
      clock(given.course.wall()),
      link(io, given.course, given.store),
      antenna_(io, given.air),
      wakeups_(io, antenna_, {{"ready", doorbell}, {"cancel", cancels}, {"schedule", bell}}),
      busy_(io.get_executor()) {
    add_workflows(workflows, given.course, given.oracle);
}

void Process::begin(Task<void> task, std::function<void(const std::string&)> ended) {
    boost::asio::co_spawn(
        io, std::move(task),
        [ended = std::move(ended)](const std::exception_ptr& error) { ended(sentence_of(error)); }
    );
}

}  // namespace afterresume::lives
