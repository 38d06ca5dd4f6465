#include "infra/sql/sqlite_readers.h"

#include <algorithm>

namespace afterresume::sql {

namespace {

// Few enough that no answer waits long for its neighbours.
constexpr std::size_t batch_limit = 16;

}  // namespace

SqliteReaders::SqliteReaders(const SqliteOptions& options, std::shared_ptr<Deliveries> deliveries)
    : options_(options), deliveries_(std::move(deliveries)) {
    for (std::size_t count = 0; count < std::max<std::size_t>(options.readers, 1); ++count) {
        threads_.emplace_back([this] { work(); });
    }
}

SqliteReaders::~SqliteReaders() { stop(); }

bool SqliteReaders::send(std::unique_ptr<Request>& request) {
    bool wake = false;
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || waiting_.size() >= options_.queue_limit) return false;
        waiting_.push_back(std::move(request));
        wake = idle_ > 0;
    }
    if (wake) wake_.notify_one();
    return true;
}

void SqliteReaders::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void SqliteReaders::work() {
    std::unique_ptr<SqliteConnection> connection;
    Requests batch;
    while (take(batch)) {
        answer(connection, batch);
        deliveries_->deliver(batch);
    }
}

bool SqliteReaders::take(Requests& batch) {
    std::unique_lock lock(mutex_);
    ++idle_;
    wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    --idle_;
    auto share = (waiting_.size() + threads_.size() - 1) / threads_.size();
    for (auto count = std::min(share, batch_limit); count > 0; --count) {
        batch.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return !batch.empty();
}

// One snapshot serves the whole batch: it is taken after every request of it was made, which is all
// that is promised.
void SqliteReaders::answer(std::unique_ptr<SqliteConnection>& connection, Requests& batch) {
    using Control = SqliteConnection::Control;
    std::size_t answered = 0;
    try {
        if (!connection) connection = std::make_unique<SqliteConnection>(options_, Access::read);
        connection->control(Control::begin_read);
        for (; answered < batch.size(); ++answered) {
            auto& request = *batch[answered];
            try {
                for (auto& call : request.calls)
                    request.result = connection->run(call.statement, call.arguments, request.reach);
            } catch (...) {
                request.error = std::current_exception();
            }
        }
        connection->control(Control::commit);
    } catch (...) {
        for (auto at = answered; at < batch.size(); ++at)
            batch[at]->error = std::current_exception();
        connection.reset();
    }
}

}  // namespace afterresume::sql
