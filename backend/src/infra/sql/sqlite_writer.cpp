#include "infra/sql/sqlite_writer.h"

#include "core/error.h"

#include <utility>

namespace afterresume::sql {

namespace {

constexpr std::chrono::microseconds awake_time{50};

std::exception_ptr busy(const char* message) {
    return std::make_exception_ptr(Error(ErrorKind::unavailable, "sql.busy", message).retry_after(1)
    );
}

}  // namespace

SqliteWriter::SqliteWriter(const SqliteOptions& options, std::shared_ptr<Deliveries> deliveries)
    : options_(options),
      deliveries_(std::move(deliveries)),
      connection_(std::make_unique<SqliteConnection>(options, Access::write)) {
    thread_ = std::thread([this] { work(); });
}

SqliteWriter::~SqliteWriter() { stop(); }

bool SqliteWriter::send(std::unique_ptr<Request>& request) {
    bool wake = false;
    {
        std::lock_guard lock(mutex_);
        if (holder_ && request->session == holder_) {
            from_holder_ = std::move(request);
            holder_spoke_ = true;
            wake = true;
        } else {
            if (stopping_ || waiting_.size() >= options_.queue_limit) return false;
            waiting_.of(*request).push_back(std::move(request));
            wake = idle_;
        }
    }
    if (wake) wake_.notify_one();
    return true;
}

void SqliteWriter::abandon(const std::shared_ptr<WriteSession>& session) {
    {
        std::lock_guard lock(mutex_);
        if (holder_ != session) return;
        abandoned_ = true;
        holder_spoke_ = true;
    }
    wake_.notify_one();
}

void SqliteWriter::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void SqliteWriter::work() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            idle_ = true;
            wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
            idle_ = false;
            if (waiting_.empty()) break;
        }
        run_group(next_line());
    }
    connection_.reset();
}

// People first; but jobs have their turn before they have waited too long.
auto SqliteWriter::next_line() -> Line Lines::* {
    auto now = std::chrono::steady_clock::now();
    std::lock_guard lock(mutex_);
    bool jobs = !waiting_.jobs.empty() &&
                (waiting_.people.empty() || now - jobs_served_ > options_.longest_rest);
    if (jobs || waiting_.jobs.empty()) jobs_served_ = now;
    return jobs ? &Lines::jobs : &Lines::people;
}

void SqliteWriter::run_group(Line Lines::* line) {
    taken_ = line;
    try {
        connection_->control(Control::begin_write);
    } catch (...) {
        while (auto request = next()) {
            request->error = std::current_exception();
            hand_back(std::move(request));
        }
        deliveries_->deliver(ended_);
        return;
    }
    auto closing = std::chrono::steady_clock::now() + options_.group_time;
    while (members_.size() < options_.group_transactions &&
           std::chrono::steady_clock::now() < closing && connection_->in_transaction()) {
        auto request = next();
        if (!request) break;
        serve(std::move(request));
    }
    commit_group();
}

// Of the line of this group; a job's group ends when somebody waits.
std::unique_ptr<Request> SqliteWriter::next() {
    std::lock_guard lock(mutex_);
    auto& line = waiting_.*taken_;
    bool gives_way = &line == &waiting_.jobs && !waiting_.people.empty() && !members_.empty();
    if (line.empty() || gives_way) return nullptr;
    auto request = std::move(line.front());
    line.pop_front();
    return request;
}

void SqliteWriter::serve(std::unique_ptr<Request> request) {
    if (request->session && request->session->ended) {
        request->error = busy("The transaction took too long and was rolled back.");
        return hand_back(std::move(request));
    }
    late_begin_ = late_.size();
    try {
        connection_->control(Control::savepoint);
    } catch (...) {
        request->error = std::current_exception();
        return hand_back(std::move(request));
    }
    if (!run_calls(*request)) {
        if (request->session) request->session->ended = true;
        return hand_back(std::move(request));
    }
    if (request->commit) {
        members_.push_back(std::move(request));
        return;
    }
    auto session = request->session;
    {
        std::lock_guard lock(mutex_);
        holder_ = session;
    }
    hand_back(std::move(request));
    hold(session);
}

// Runs the calls of one request; ends the savepoint when they fail or end the transaction.
bool SqliteWriter::run_calls(Request& request) {
    try {
        for (auto& call : request.calls) {
            if (call.statement.late) {
                late_.emplace_back(request.reach, std::move(call));
            } else {
                request.result = connection_->run(call.statement, call.arguments, request.reach);
            }
        }
        if (request.commit) connection_->control(Control::release);
        return true;
    } catch (...) {
        request.error = std::current_exception();
        undo();
        return false;
    }
}

void SqliteWriter::undo() {
    late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(late_begin_), late_.end());
    try {
        if (!connection_->in_transaction()) {
            // SQLite has given up the whole transaction, and with it what the earlier ones of the
            // group wrote.
            return fail_members(busy("The database had to give up a write; try again."));
        }
        connection_->control(Control::undo);
        connection_->control(Control::release);
    } catch (...) {
        fail_members(std::current_exception());
    }
}

// Until the transaction ends the writer is its own; whoever else waits, waits for the time limit at
// most.
void SqliteWriter::hold(const std::shared_ptr<WriteSession>& session) {
    deliveries_->deliver(ended_);
    for (;;) {
        auto request = next_from_holder();
        if (!request) {
            undo();
            return end(session);
        }
        auto good = run_calls(*request);
        auto over = !good || request->commit;
        if (over) end(session);
        if (good && request->commit) {
            members_.push_back(std::move(request));
        } else {
            hand_back(std::move(request));
            deliveries_->deliver(ended_);
        }
        if (over) return;
    }
}

std::unique_ptr<Request> SqliteWriter::next_from_holder() {
    // Most answer at once, sooner than a thread falls asleep and is woken.
    auto awake_until = std::chrono::steady_clock::now() + awake_time;
    while (!holder_spoke_ && std::chrono::steady_clock::now() < awake_until) continue;
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, options_.holder_timeout, [&] { return from_holder_ || abandoned_; });
    holder_spoke_ = false;
    return std::move(from_holder_);
}

void SqliteWriter::end(const std::shared_ptr<WriteSession>& session) {
    session->ended = true;
    std::lock_guard lock(mutex_);
    holder_ = nullptr;
    abandoned_ = false;
    // Sent after the time was up: refused like any later one.
    if (from_holder_) waiting_.of(*from_holder_).push_back(std::move(from_holder_));
}

void SqliteWriter::run_late_calls() {
    for (auto& [reach, call] : std::exchange(late_, {})) {
        if (connection_->in_transaction()) connection_->run(call.statement, call.arguments, reach);
    }
}

void SqliteWriter::commit_group() {
    try {
        run_late_calls();
        if (connection_->in_transaction()) connection_->control(Control::commit);
    } catch (...) {
        auto error = std::current_exception();
        try {
            if (connection_->in_transaction()) connection_->control(Control::rollback);
        } catch (...) {
            error = std::current_exception();
        }
        fail_members(error);
    }
    for (auto& member : members_) ended_.push_back(std::move(member));
    members_.clear();
    deliveries_->deliver(ended_);
}

void SqliteWriter::fail_members(const std::exception_ptr& error) {
    for (auto& member : members_) {
        member->error = error;
        ended_.push_back(std::move(member));
    }
    members_.clear();
    late_.clear();
    late_begin_ = 0;
}

void SqliteWriter::hand_back(std::unique_ptr<Request> request) {
    ended_.push_back(std::move(request));
}

}  // namespace afterresume::sql
