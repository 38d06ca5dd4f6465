// A client of a streamed answer, without a socket.
#pragma once

#include "infra/http/message.h"

namespace afterresume::http {

// Keeps what it hears, and leaves when it has heard enough.
class Listener : public BodyWriter {
public:
    Task<void> write(std::string_view bytes) override {
        heard += bytes;
        if (!enough.empty() && heard.find(enough) != std::string::npos) leave();
        co_return;
    }
    bool ended() const override { return left_; }
    void on_end(std::function<void()> wake) override { wake_ = std::move(wake); }
    void leave() {
        left_ = true;
        if (wake_) std::exchange(wake_, nullptr)();
    }

    std::string heard;
    // Empty: it never has.
    std::string enough;

private:
    bool left_ = false;
    std::function<void()> wake_;
};

}  // namespace afterresume::http
