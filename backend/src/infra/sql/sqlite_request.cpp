#include "infra/sql/sqlite_request.h"

#include "infra/sql/sqlite_error.h"

#include <boost/asio/post.hpp>

namespace afterresume::sql {

// Posted once for all that is there. Where the io_context ends before it comes to that, nobody
// waits any more: the requests hold who waited, and these the database and its deliveries.
class Deliveries::Arrival {
public:
    explicit Arrival(std::shared_ptr<Deliveries> deliveries) : deliveries_(std::move(deliveries)) {}
    Arrival(Arrival&&) = default;
    Arrival& operator=(Arrival&&) = delete;
    ~Arrival() {
        if (deliveries_) deliveries_->drop();
    }
    void operator()() { std::exchange(deliveries_, nullptr)->finish_all(); }

private:
    std::shared_ptr<Deliveries> deliveries_;
};

void Deliveries::expect_one() {
    if (expected_++ == 0) working_.emplace(io_.get_executor());
}

void Deliveries::deliver(Requests& finished) {
    if (finished.empty()) return;
    bool post = false;
    {
        std::lock_guard lock(mutex_);
        for (auto& request : finished) finished_.push_back(std::move(request));
        post = !std::exchange(posted_, true);
    }
    finished.clear();
    if (post) boost::asio::post(io_, Arrival(shared_from_this()));
}

void Deliveries::finish_all() {
    Requests finished;
    {
        std::lock_guard lock(mutex_);
        finished.swap(finished_);
        posted_ = false;
    }
    for (auto& request : finished) {
        if (request->error && on_failure_) report(request->error);
        request->finish();
        request.reset();
        if (--expected_ == 0) working_.reset();
    }
}

void Deliveries::drop() {
    Requests dropped;
    {
        std::lock_guard lock(mutex_);
        dropped.swap(finished_);
        posted_ = false;
    }
}

void Deliveries::report(const std::exception_ptr& error) const {
    try {
        std::rethrow_exception(error);
    } catch (const SqliteError& failed) {
        // A conflict is an answer, which the program expects.
        if (failed.kind() != ErrorKind::conflict) on_failure_(failed.failure());
    } catch (...) {
        return;
    }
}

}  // namespace afterresume::sql
