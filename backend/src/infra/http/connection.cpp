#include "infra/http/connection.h"

#include "infra/http/intake.h"

#include <algorithm>
#include <utility>

namespace afterresume::http {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::size_t largest_outbox = 64 << 10;
constexpr std::size_t largest_joined_body = 16 << 10;
constexpr std::size_t linger_bytes = 1 << 20;
constexpr auto linger_time = 2s;
constexpr auto idle_before_trim = 1s;

constexpr Refusal head_too_large{
    431, "http.header_too_large", "The request's header is too large."
};
constexpr Refusal late_head{
    408, "http.header_timeout", "The request's header took too long to arrive."
};
constexpr Refusal late_body{
    408, "http.body_timeout", "The request's body took too long to arrive."
};
constexpr Refusal bad_chunk{400, "http.malformed", "The request's body is not well-formed HTTP."};
constexpr Refusal no_room{
    503, "http.too_many_connections", "The server has no room for another connection."
};

}  // namespace

Connection::Connection(std::shared_ptr<State> state, Socket socket, std::string remote_address)
    : state_(std::move(state)), wire_(std::move(socket)) {
    request_.remote_address = std::move(remote_address);
}

Connection::~Connection() { state_->leave(*this); }

Task<void> Connection::serve(std::shared_ptr<Connection> self) {
    try {
        while (co_await self->take_request()) {
            auto response = co_await self->handle();
            const bool goes_on = co_await self->respond(std::move(response));
            if (!goes_on) break;
        }
    } catch (...) {
        // Out of memory or the like: this client is lost, the others are not.
    }
    self->wire_.close();
}

Task<void> Connection::refuse(std::shared_ptr<Connection> self) {
    try {
        co_await self->refuse(no_room);
    } catch (...) {
    }
    self->wire_.close();
    --self->state_->refusing;
}

Task<bool> Connection::take_request() {
    request_.clear();
    std::size_t size = 0;
    const bool came = co_await take_head(size);
    if (!came) co_return false;
    ++state_->counters.requests;
    parser_.emplace(request_);
    auto refusal = parser_->read_head(inbox_.view().substr(0, size));
    inbox_.drop(size);
    if (refusal) co_return co_await refuse(*refusal);
    const auto& decide = state_->options.decide;
    const auto policy = decide ? decide(request_) : BodyPolicy{};
    refusal = parser_->limit_body(policy.limit);
    if (refusal) co_return co_await refuse(*refusal);
    must_continue_ = parser_->expects_continue();
    streamed_ = policy.mode == BodyPolicy::Mode::stream;
    if (streamed_ || parser_->body_done()) co_return true;
    co_return co_await take_body();
}

Task<bool> Connection::take_head(std::size_t& size) {
    const auto limit = state_->options.max_header_bytes;
    std::size_t searched = 0;
    auto deadline = state_->now + state_->options.header_timeout;
    while (true) {
        const auto input = inbox_.view();
        const auto end = input.find(end_of_head, searched);
        size = end + end_of_head.size();
        if (end != input.npos && size <= limit) co_return true;
        if (input.size() >= limit) co_return co_await refuse(head_too_large);
        searched = input.size() - std::min(input.size(), end_of_head.size() - 1);

        const bool sent = outbox_.empty() || co_await flush();
        if (!sent) co_return false;
        const bool between_requests = input.empty();
        if (between_requests && state_->draining) co_return false;
        idle_ = between_requests;
        idle_since_ = state_->now;
        const auto arrival = co_await arrive(
            between_requests ? state_->now + state_->options.idle_timeout : deadline
        );
        idle_ = false;
        if (arrival == Arrival::late && !between_requests) co_return co_await refuse(late_head);
        if (arrival != Arrival::bytes) co_return false;
        if (between_requests) deadline = state_->now + state_->options.header_timeout;
    }
}

Task<bool> Connection::take_body() {
    Pace pace;
    request_.body.reserve(
        std::min<std::uint64_t>(request_.content_length.value_or(0), state_->scratch.size())
    );
    while (true) {
        auto input = inbox_.view();
        const auto refusal = parser_->read_body(input, request_.body);
        inbox_.drop(inbox_.size() - input.size());
        if (refusal) co_return co_await refuse(*refusal);
        if (parser_->body_done()) co_return true;
        if (is_overlong()) co_return co_await refuse(bad_chunk);
        const auto arrival = co_await arrive_body(pace);
        if (arrival == Arrival::late) co_return co_await refuse(late_body);
        if (arrival == Arrival::gone) co_return false;
    }
}

Task<Response> Connection::handle() {
    std::optional<Intake> intake;
    if (streamed_) request_.body_stream = &intake.emplace(*this);
    std::optional<Response> response;
    try {
        response = co_await state_->handler(request_);
    } catch (...) {
        response = state_->problem(request_, 500, "http.failed", "Something went wrong here.");
    }
    request_.body_stream = nullptr;
    co_return std::move(*response);
}

Task<bool> Connection::respond(Response response) {
    if (response.stream) co_return co_await respond_by_stream(std::move(response));
    compress(response, request_, state_->gzip);
    Framing framing{.keep_alive = may_continue(), .http_1_0 = !parser_->knows_chunks()};
    if (may_have_body(response.status)) framing.length = response.body.size();
    append_head(outbox_, response, framing, state_->common_lines);
    const bool has_body = may_have_body(response.status) && request_.method != "HEAD";
    if (!has_body) response.body.clear();
    if (response.body.size() > largest_joined_body) {
        const bool sent = co_await flush(response.body);
        if (!sent) co_return false;
    } else {
        outbox_.append(response.body);
    }
    if (framing.keep_alive && outbox_.size() < largest_outbox && next_head_is_here())
        co_return true;
    const bool sent = co_await flush();
    if (sent && framing.keep_alive) co_return true;
    if (sent) co_await linger();
    co_return false;
}

Task<bool> Connection::refuse(Refusal refusal) {
    const auto response = state_->problem(request_, refusal.status, refusal.code, refusal.sentence);
    append_head(
        outbox_, response, {.keep_alive = false, .length = response.body.size()},
        state_->common_lines
    );
    if (request_.method != "HEAD") outbox_.append(response.body);
    const bool sent = co_await flush();
    if (sent) co_await linger();
    co_return false;
}

Task<Connection::Arrival> Connection::arrive(Moment deadline) {
    const bool came = co_await wire_.read(inbox_, state_->scratch, deadline);
    if (came) co_return Arrival::bytes;
    co_return wire_.expired() ? Arrival::late : Arrival::gone;
}

Task<Connection::Arrival> Connection::arrive_body(Pace& pace) {
    if (std::exchange(must_continue_, false) && inbox_.empty())
        outbox_.append("HTTP/1.1 100 Continue\r\n\r\n");
    const bool sent = co_await flush();
    if (!sent) co_return Arrival::gone;
    const auto before = inbox_.size();
    const auto began = state_->now;
    const auto arrival = co_await arrive(began + time_for(pace.moved) - pace.waited);
    pace.waited += std::chrono::duration_cast<std::chrono::milliseconds>(state_->now - began);
    pace.moved += inbox_.size() - before;
    co_return arrival;
}

Task<bool> Connection::flush(std::string_view more) {
    std::string_view waiting = outbox_;
    auto outcome = wire_.send(waiting, more);
    if (outcome == Wire::Outcome::blocked) {
        const auto deadline = state_->now + time_for(waiting.size() + more.size());
        while (outcome == Wire::Outcome::blocked) {
            const bool ready = co_await wire_.writable(deadline);
            outcome = ready ? wire_.send(waiting, more) : Wire::Outcome::broken;
        }
    }
    outbox_.clear();
    co_return outcome == Wire::Outcome::done;
}

// Closing with unread bytes around would reset the connection and could take the answer from the
// client's hands.
Task<void> Connection::linger() {
    wire_.finish();
    const auto deadline = state_->now + linger_time;
    std::size_t discarded = 0;
    idle_ = true;
    inbox_.drop(inbox_.size());
    while (discarded < linger_bytes && !state_->draining) {
        const auto arrival = co_await arrive(deadline);
        if (arrival != Arrival::bytes) break;
        discarded += inbox_.size();
        inbox_.drop(inbox_.size());
    }
}

std::chrono::milliseconds Connection::time_for(std::uint64_t bytes) const {
    const auto rate = std::max<std::uint64_t>(state_->options.min_bytes_per_second, 1);
    return state_->options.transfer_grace + std::chrono::milliseconds(bytes * 1000 / rate);
}

bool Connection::may_continue() const {
    return request_.keep_alive && parser_->body_done() && !state_->draining;
}

bool Connection::next_head_is_here() const {
    return inbox_.view().find(end_of_head) != std::string_view::npos;
}

void Connection::tick(Moment now) {
    wire_.expire(now);
    if (!idle_ || now - idle_since_ < idle_before_trim) return;
    inbox_.trim();
    request_.trim();
    parser_.reset();
    std::string().swap(outbox_);
}

void Connection::cut() { wire_.close(); }

}  // namespace afterresume::http
