// One client: takes its requests one after the other, has them handled and answers in order. Owned
// by the coroutine that serves it; the shared State knows it until it ends.
#pragma once

#include "infra/http/inbox.h"
#include "infra/http/parser.h"
#include "infra/http/response_head.h"
#include "infra/http/state.h"

#include <memory>
#include <optional>
#include <string>

namespace afterresume::http {

class Outlet;

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(std::shared_ptr<State> state, Socket socket, std::string remote_address);
    ~Connection();

    static Task<void> serve(std::shared_ptr<Connection> self);
    // Says that there is no room and closes.
    static Task<void> refuse(std::shared_ptr<Connection> self);

    // Ends waits that are over; gives memory back after a second of idleness.
    void tick(Moment now);
    // Ends an idle connection, and a stream that watches for it.
    void drain();
    void cut();

    std::size_t place = 0;  // In State::connections.

private:
    friend class Intake;
    friend class Outlet;

    // How much the client may make us wait in the course of one transfer.
    struct Pace {
        std::chrono::milliseconds waited{0};
        std::uint64_t moved = 0;
    };
    enum class Arrival { bytes, late, gone };

    // Each of these answers whether the connection goes on.
    Task<bool> take_request();
    Task<bool> take_head(std::size_t& size);
    Task<bool> take_body();
    Task<bool> respond(Response response);
    Task<bool> respond_by_stream(Response response);
    Task<bool> refuse(Refusal refusal);

    Task<Response> handle();
    Task<Arrival> arrive(Moment deadline);
    Task<Arrival> arrive_body(Pace& pace);
    Task<bool> flush(std::string_view more = {});
    Task<void> linger();
    std::chrono::milliseconds time_for(std::uint64_t bytes) const;
    // Whether what the parser left over is too much for one line of a chunked body.
    bool is_overlong() const { return inbox_.size() > state_->options.max_header_bytes; }
    bool may_continue() const;
    bool next_head_is_here() const;
    void watch();
    void look_for_hang_up();

    std::shared_ptr<State> state_;
    Wire wire_;
    Inbox inbox_;
    std::string outbox_;
    Request request_;
    std::optional<RequestParser> parser_;
    Outlet* outlet_ = nullptr;
    bool idle_ = false;
    bool streamed_ = false;       // The handler reads the body of this request itself.
    bool must_continue_ = false;  // The client waits for "100 Continue".
    Moment idle_since_;
};

}  // namespace afterresume::http
