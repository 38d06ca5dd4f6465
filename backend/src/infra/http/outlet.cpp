#include "infra/http/outlet.h"

#include "core/error.h"

#include <fmt/format.h>

#include <utility>

namespace afterresume::http {

Outlet::Outlet(Connection& connection, const Framing& framing)
    : connection_(connection), chunked_(framing.chunked), owed_(framing.length) {}

Task<void> Outlet::write(std::string_view bytes) {
    if (gone_) throw Error(ErrorKind::unavailable, "http.client_gone", "The client has left.");
    if (bytes.empty()) co_return;  // An empty chunk would end the body.
    if (owed_) {
        if (bytes.size() > *owed_) {
            throw Error(
                ErrorKind::internal, "http.stream_length", "A stream is longer than was announced."
            );
        }
        *owed_ -= bytes.size();
    }
    auto& outbox = connection_.outbox_;
    if (chunked_) fmt::format_to(std::back_inserter(outbox), "{:x}\r\n", bytes.size());
    const bool small = bytes.size() <= 4096;
    if (small) outbox.append(bytes);
    if (small && chunked_) outbox.append("\r\n");
    const auto rest = small ? std::string_view{} : bytes;
    bool sent = co_await connection_.flush(rest);
    if (sent && chunked_ && !small) {
        outbox.append("\r\n");
        sent = co_await connection_.flush();
    }
    if (sent) co_return;
    end(true);
    throw Error(ErrorKind::unavailable, "http.client_gone", "The client has left.");
}

void Outlet::on_end(std::function<void()> wake) {
    wake_ = std::move(wake);
    if (ended_ && wake_) std::exchange(wake_, nullptr)();
}

void Outlet::end(bool gone) {
    gone_ = gone_ || gone;
    if (std::exchange(ended_, true) || !wake_) return;
    std::exchange(wake_, nullptr)();
}

Task<bool> Outlet::finish() {
    if (gone_ || owed_.value_or(0) != 0) co_return false;
    if (chunked_) connection_.outbox_.append("0\r\n\r\n");
    co_return co_await connection_.flush();
}

Task<bool> Connection::respond_by_stream(Response response) {
    Framing framing{.keep_alive = may_continue(), .http_1_0 = !parser_->knows_chunks()};
    framing.length = response.stream_length;
    framing.chunked = !framing.length && parser_->knows_chunks();
    // To HTTP/1.0 the end of the connection is the end of the body.
    if (!framing.length && !framing.chunked) framing.keep_alive = false;
    append_head(outbox_, response, framing, state_->common_lines);
    bool sent = co_await flush();
    if (!sent) co_return false;
    if (request_.method != "HEAD") {
        Outlet outlet(*this, framing);
        outlet_ = &outlet;
        watch();
        if (state_->draining) outlet.end(false);
        bool whole = true;
        try {
            co_await response.stream(outlet);
        } catch (...) {
            // The status has been sent: a connection cut short is all that can still tell of it.
            whole = false;
        }
        outlet_ = nullptr;
        wire_.cancel();
        if (!whole) co_return false;
        sent = co_await outlet.finish();
        if (!sent) co_return false;
    }
    if (framing.keep_alive && !state_->draining) co_return true;
    co_await linger();
    co_return false;
}

void Connection::watch() {
    wire_.when_readable([self = shared_from_this()] { self->look_for_hang_up(); });
}

// A client that already sends its next request cannot be watched in this way; its leaving shows at
// the next write.
void Connection::look_for_hang_up() {
    if (outlet_ && wire_.hung_up()) outlet_->end(true);
}

void Connection::drain() {
    if (idle_) wire_.cancel();
    if (outlet_) outlet_->end(false);
}

}  // namespace afterresume::http
