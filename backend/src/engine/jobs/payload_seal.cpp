#include "engine/jobs/payload_seal.h"

#include "core/error.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

namespace afterresume::jobs {

namespace {

// A payload is an object; what is sealed is kept as a JSON string, which begins like this.
constexpr std::string_view mark = "\"sealed:";

std::string context_of(TenantId tenant, const Uuid& job) {
    return fmt::format("{}|{}", tenant.value, job.text());
}

}  // namespace

std::string PayloadSeal::seal(TenantId tenant, const Uuid& job, std::string payload) const {
    if (keys_.empty()) return payload;
    auto sealed = crypto::seal(keys_.front(), payload, context_of(tenant, job));
    return fmt::format("{}{}\"", mark, crypto::base64url(sealed));
}

std::string PayloadSeal::open(TenantId tenant, const Uuid& job, const std::string& kept) const {
    if (!kept.starts_with(mark)) return kept;
    auto text = std::string_view(kept).substr(mark.size());
    auto sealed = crypto::from_base64url(text.substr(0, text.size() - 1));
    for (const auto& key : keys_) {
        if (!sealed) break;
        if (auto payload = crypto::open(key, *sealed, context_of(tenant, job))) return *payload;
    }
    throw Error(
        ErrorKind::internal, "job.unreadable_payload",
        "What the job was given was sealed with a key that is not there."
    );
}

}  // namespace afterresume::jobs
