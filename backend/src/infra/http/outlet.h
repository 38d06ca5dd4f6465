// A streamed response on its way out. Lives as long as the stream runs.
#pragma once

#include "infra/http/connection.h"

namespace afterresume::http {

class Outlet final : public BodyWriter {
public:
    Outlet(Connection& connection, const Framing& framing);

    Task<void> write(std::string_view bytes) override;
    bool ended() const override { return ended_; }
    void on_end(std::function<void()> wake) override;

    // Wakes the stream; `gone` when nobody is there to read any more.
    void end(bool gone);
    // What follows the last write: the last chunk. False when the body is not what its length
    // promised.
    Task<bool> finish();

private:
    Connection& connection_;
    bool chunked_;
    std::optional<std::uint64_t> owed_;  // Bytes still to come of a known length.
    bool ended_ = false;
    bool gone_ = false;
    std::function<void()> wake_;
};

}  // namespace afterresume::http
