#include "infra/breaker/breaker.h"

#include <algorithm>

namespace afterresume::breaker {

bool Breaker::allows(Time now) {
    if (failures_ < options_.failures) return true;
    if (now < open_until_ || trying_) return false;
    trying_ = true;
    return true;
}

void Breaker::succeeded() {
    failures_ = 0;
    pause_ = std::chrono::milliseconds(0);
    trying_ = false;
}

void Breaker::failed(Time now) {
    trying_ = false;
    if (++failures_ < options_.failures) return;
    failures_ = options_.failures;
    pause_ = std::clamp(pause_ * 2, options_.shortest, options_.longest);
    open_until_ = now + pause_;
}

}  // namespace afterresume::breaker
