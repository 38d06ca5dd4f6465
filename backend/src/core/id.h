// Strong identifiers. An Id<Entry> is a number below 2^53 from the one id sequence of a database; a
// Uuid names jobs and correlations.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace afterresume {

template <class T>
struct Id {
    std::int64_t value = 0;

    auto operator<=>(const Id&) const = default;
};

struct Tenant;
struct User;
using TenantId = Id<Tenant>;
using UserId = Id<User>;

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Uuid&) const = default;

    std::string text() const;
    // Accepts the canonical 8-4-4-4-12 form in either case; nullopt for anything else.
    static std::optional<Uuid> parse(std::string_view text);
    // RFC 9562 version 4: 122 random bits.
    static Uuid random();
    // RFC 9562 version 7: 48 bits of Unix milliseconds, then random bits; sorts by time.
    static Uuid at(std::int64_t unix_milliseconds);
};

// Fills from the operating system's generator. Throws std::system_error when it refuses.
void random_bytes(std::uint8_t* out, std::size_t size);

}  // namespace afterresume

template <class T>
struct std::hash<afterresume::Id<T>> {
    std::size_t operator()(afterresume::Id<T> id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};

template <>
struct std::hash<afterresume::Uuid> {
    std::size_t operator()(const afterresume::Uuid& id) const noexcept {
        std::size_t seed = 1469598103934665603ULL;
        for (auto byte : id.bytes) seed = (seed ^ byte) * 1099511628211ULL;
        return seed;
    }
};
