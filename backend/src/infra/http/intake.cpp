#include "infra/http/intake.h"

#include "core/error.h"

#include <algorithm>

namespace afterresume::http {

namespace {

[[noreturn]] void fail(ErrorKind kind, std::string_view code, std::string_view sentence) {
    throw Error(kind, std::string(code), std::string(sentence));
}

}  // namespace

Task<std::size_t> Intake::read(char* into, std::size_t size) {
    if (given_ == decoded_.size()) {
        const bool more = co_await refill();
        if (!more) co_return 0;
    }
    const auto count = std::min(size, decoded_.size() - given_);
    std::copy_n(decoded_.data() + given_, count, into);
    given_ += count;
    co_return count;
}

// False at the end of the body.
Task<bool> Intake::refill() {
    decoded_.clear();
    given_ = 0;
    auto& parser = *connection_.parser_;
    auto& inbox = connection_.inbox_;
    while (!parser.body_done()) {
        auto input = inbox.view();
        const auto refusal = parser.read_body(input, decoded_);
        inbox.drop(inbox.size() - input.size());
        if (refusal) {
            const auto kind = refusal->status == 413 ? ErrorKind::too_large : ErrorKind::malformed;
            fail(kind, refusal->code, refusal->sentence);
        }
        if (!decoded_.empty() || parser.body_done()) break;
        if (connection_.is_overlong())
            fail(ErrorKind::malformed, "http.malformed", "The body is not well-formed HTTP.");
        const auto arrival = co_await connection_.arrive_body(pace_);
        if (arrival != Connection::Arrival::bytes) {
            fail(ErrorKind::malformed, "http.body_incomplete", "The body did not arrive in full.");
        }
    }
    co_return !decoded_.empty();
}

}  // namespace afterresume::http
