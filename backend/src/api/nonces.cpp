#include "api/nonces.h"

#include "core/error.h"
#include "infra/crypto/crypto.h"

namespace afterresume::api {

namespace {

constexpr std::size_t most_remembered = 1'000'000;
// Of the hash: no two nonces meet by chance.
constexpr std::size_t digest_bytes = 16;

}  // namespace

bool Nonces::take_here(const std::string& digest) {
    auto now = clock_.now();
    if (now - turned_ >= kept) {
        old_ = now - turned_ < 2 * kept ? std::move(young_) : std::unordered_set<std::string>();
        young_ = {};
        turned_ = now;
    }
    if (old_.contains(digest)) return false;
    if (young_.size() >= most_remembered)
        throw Error(
            ErrorKind::unavailable, "request.busy", "Too much comes at once; wait a moment."
        )
            .retry_after(60);
    return young_.insert(digest).second;
}

Task<bool> Nonces::take_everywhere(const std::string& digest) {
    auto seconds = std::to_string(std::chrono::seconds(kept).count());
    redis::Command command{"SET", "nonce:" + crypto::hex(digest), "1", "NX", "EX", seconds};
    try {
        auto answer = co_await shared_->call(std::move(command));
        co_return answer.kind != redis::Value::Kind::null;
    } catch (const Error&) {
        co_return true;
    }
}

Task<bool> Nonces::take(std::string nonce) {
    auto digest = crypto::sha256(nonce).substr(0, digest_bytes);
    if (!take_here(digest)) co_return false;
    co_return shared_ == nullptr || co_await take_everywhere(digest);
}

}  // namespace afterresume::api
