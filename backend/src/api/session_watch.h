// Streams end soon after the session that asked for them: while one is written, its caller is
// admitted again and again.
#pragma once

#include "infra/http/message.h"

#include <chrono>
#include <functional>

namespace afterresume::api {

using Stream = std::function<Task<void>(http::BodyWriter&)>;

// The same stream, which is told to end, and whose writes are refused, from the moment when `admit`
// throws. That is asked before the first byte and every `pause` from then on.
Stream watched(
    Stream stream, std::function<Task<void>()> admit,
    std::chrono::milliseconds pause = std::chrono::seconds(2)
);

}  // namespace afterresume::api
