#include "engine/jobs/payload_seal.h"

#include "core/describe/reader.h"
#include "core/describe/writer.h"
#include "core/error.h"
#include "infra/crypto/crypto.h"

#include <fmt/format.h>

namespace afterresume::jobs {

namespace {

// What is kept is an object otherwise; sealed it is a JSON string, which begins like this.
constexpr std::string_view mark = "\"sealed:";

std::string context_of(TenantId tenant, const Uuid& job, std::string_view part) {
    auto context = fmt::format("{}|{}", tenant.value, job.text());
    if (!part.empty()) context += fmt::format("|{}", part);
    return context;
}

std::string marked(std::string_view sealed) {
    return fmt::format("{}{}\"", mark, crypto::base64url(sealed));
}

std::optional<std::string> unmarked(std::string_view kept) {
    auto text = kept.substr(mark.size());
    return crypto::from_base64url(text.substr(0, text.size() - 1));
}

Error unreadable() {
    return Error(
        ErrorKind::internal, "job.unreadable_payload",
        "What is kept of the job was sealed with a key that is not there."
    );
}

}  // namespace

std::string PayloadSeal::seal(
    TenantId tenant, const Uuid& job, std::string value, std::string_view part
) const {
    if (keys_.empty()) return value;
    return marked(crypto::seal(keys_.front(), value, context_of(tenant, job, part)));
}

std::string PayloadSeal::open(
    TenantId tenant, const Uuid& job, const std::string& kept, std::string_view part
) const {
    if (!kept.starts_with(mark)) return kept;
    if (auto value = find(tenant, job, kept, part)) return std::move(*value);
    throw unreadable();
}

Json PayloadSeal::opened(TenantId tenant, const Uuid& job, Json kept, std::string_view part) const {
    auto value = try_opened(tenant, job, std::move(kept), part);
    if (!value) throw unreadable();
    return std::move(*value);
}

std::optional<Json> PayloadSeal::try_opened(
    TenantId tenant, const Uuid& job, Json kept, std::string_view part
) const {
    if (!kept.is_string()) return kept;
    auto text = describe::to_json(kept);
    if (!text.starts_with(mark)) return kept;
    auto value = find(tenant, job, text, part);
    return value ? std::optional(describe::parse_json(*value)) : std::nullopt;
}

resealing::Resealed PayloadSeal::reseal(
    TenantId tenant, const Uuid& job, const std::string& kept, std::string_view part
) const {
    if (!kept.starts_with(mark)) return {resealing::Key::newest, {}};
    auto sealed = unmarked(kept);
    if (!sealed) return {resealing::Key::unknown, {}};
    auto done = resealing::reseal(keys_, *sealed, context_of(tenant, job, part));
    if (done.was == resealing::Key::former) done.sealed = marked(done.sealed);
    return done;
}

std::optional<std::string> PayloadSeal::find(
    TenantId tenant, const Uuid& job, const std::string& kept, std::string_view part
) const {
    auto sealed = unmarked(kept);
    if (!sealed) return std::nullopt;
    return crypto::open(keys_, *sealed, context_of(tenant, job, part));
}

}  // namespace afterresume::jobs
