// A request body as its handler reads it, straight from the connection. Lives as long as the
// handler runs.
#pragma once

#include "infra/http/connection.h"

namespace afterresume::http {

class Intake final : public BodyReader {
public:
    explicit Intake(Connection& connection) : connection_(connection) {}

    Task<std::size_t> read(char* into, std::size_t size) override;

private:
    Task<bool> refill();

    Connection& connection_;
    Connection::Pace pace_;
    std::string decoded_;
    std::size_t given_ = 0;
};

}  // namespace afterresume::http
