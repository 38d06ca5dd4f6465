#include "engine/jobs/wakeups.h"

#include "core/describe/traits.h"

#include <fmt/format.h>

#include <charconv>
#include <ranges>

namespace afterresume::jobs {

namespace {

// A message stays far below what NOTIFY takes, 8,000 bytes; beyond so many, workers look by
// themselves.
constexpr std::size_t most_words = 100;

std::string word_of(const std::string& name, const std::optional<Spot>& where) {
    if (!where) return name;
    return fmt::format("{}:{}:{}", name, describe::name_of(where->queue), where->tenant_id.value);
}

// Of "queue:tenant"; nothing for what another version may say.
std::optional<Spot> spot_of(std::string_view text) {
    auto colon = std::min(text.find(':'), text.size());
    auto queue = describe::enum_named<QueueName>(text.substr(0, colon));
    auto tenant = text.substr(std::min(colon + 1, text.size()));
    std::int64_t id = 0;
    auto read = std::from_chars(tenant.data(), tenant.data() + tenant.size(), id);
    if (!queue || read.ec != std::errc{}) return std::nullopt;
    return Spot{*queue, TenantId{id}};
}

}  // namespace

Wakeups::Wakeups(
    boost::asio::io_context& io, broadcast::Broadcast& broadcast, std::vector<NamedBell> bells
)
    : broadcast_(broadcast),
      bells_(std::move(bells)),
      origin_(Uuid::random().text()),
      timer_(std::make_shared<boost::asio::steady_timer>(io)) {
    for (auto& one : bells_) {
        one.bell.listen(this, [this, name = one.name](const auto& where) {
            rang(word_of(name, where));
        });
    }
    broadcast_.start([this](std::string_view message) { heard(message); });
}

Wakeups::~Wakeups() {
    for (auto& [name, bell] : bells_) bell.forget(this);
    timer_->cancel();
}

void Wakeups::rang(std::string word) {
    rung_.insert(rung_.size() < most_words ? std::move(word) : word.substr(0, word.find(':')));
    if (!resting_) send();
}

// "origin cancel ready:ai:7": the first ring goes out at once, those of the next moment together.
void Wakeups::send() {
    auto message = origin_;
    for (const auto& word : std::exchange(rung_, {})) message += " " + word;
    broadcast_.publish(std::move(message));
    resting_ = true;
    timer_->expires_after(shortest_gap);
    timer_->async_wait([this, kept = timer_](boost::system::error_code cancelled) {
        if (cancelled) return;
        resting_ = false;
        if (!rung_.empty()) send();
    });
}

void Wakeups::heard(std::string_view message) {
    if (message.starts_with(origin_)) return;
    for (auto word : message | std::views::split(' ') | std::views::drop(1))
        heard_word({word.begin(), word.end()});
}

void Wakeups::heard_word(std::string_view word) {
    auto colon = std::min(word.find(':'), word.size());
    for (auto& [name, bell] : bells_) {
        if (word.substr(0, colon) == name)
            bell.ring(spot_of(word.substr(std::min(colon + 1, word.size()))), this);
    }
}

}  // namespace afterresume::jobs
