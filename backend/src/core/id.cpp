#include "core/id.h"

#include <pthread.h>
#include <sys/random.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace afterresume {

namespace {

constexpr char hex[] = "0123456789abcdef";

// Counts the forks that lead to this process: a child must not give out what its parent has left.
std::atomic<unsigned> forks{0};

// The random pool is per thread, so that an id costs no system call each.
struct Pool {
    std::array<std::uint8_t, 512> bytes;
    std::size_t used = sizeof(bytes);
    unsigned filled_after = 0;
};

void pooled_random(std::uint8_t* out, std::size_t size) {
    static const int watched = pthread_atfork(nullptr, nullptr, [] { ++forks; });
    thread_local Pool pool;
    if (watched != 0 || pool.filled_after != forks || pool.used + size > pool.bytes.size()) {
        random_bytes(pool.bytes.data(), pool.bytes.size());
        pool.filled_after = forks;
        pool.used = 0;
    }
    std::copy_n(pool.bytes.data() + pool.used, size, out);
    pool.used += size;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool dash_at(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

void random_bytes(std::uint8_t* out, std::size_t size) {
    while (size > 0) {
        auto got = getrandom(out, size, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
        out += got;
        size -= static_cast<std::size_t>(got);
    }
}

std::string Uuid::text() const {
    std::string out(36, '-');
    std::size_t at = 0;
    for (auto byte : bytes) {
        if (dash_at(at)) ++at;
        out[at++] = hex[byte >> 4];
        out[at++] = hex[byte & 15];
    }
    return out;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (dash_at(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        auto value = hex_value(text[i]);
        if (value < 0) return std::nullopt;
        auto& byte = id.bytes[digits / 2];
        byte = static_cast<std::uint8_t>(digits % 2 == 0 ? value << 4 : byte | value);
        ++digits;
    }
    return id;
}

Uuid Uuid::random() {
    Uuid id;
    pooled_random(id.bytes.data(), id.bytes.size());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

// Ids of one millisecond sort as they were made: section 6.2 of the RFC, method 2. What is added is
// random, so that none can be guessed from another.
Uuid Uuid::at(std::int64_t unix_milliseconds) {
    constexpr std::uint64_t low_mask = (1ULL << 62) - 1;
    thread_local std::int64_t last = -1;
    thread_local std::uint64_t high = 0;
    thread_local std::uint64_t low = 0;
    auto id = random();
    std::uint64_t drawn = 0;
    for (std::size_t i = 8; i < 16; ++i) drawn = drawn << 8 | id.bytes[i];
    if (unix_milliseconds == last) {
        low += (drawn & 0xff'ffff'ffff) + 1;
        high += low >> 62;
    } else {
        // Far below the end of its 12 bits.
        high = (id.bytes[6] & 0x07U) << 8 | id.bytes[7];
        low = drawn;
        last = unix_milliseconds;
    }
    low &= low_mask;
    for (std::size_t i = 0; i < 6; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(unix_milliseconds >> (40 - 8 * i));
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | high >> 8);
    id.bytes[7] = static_cast<std::uint8_t>(high);
    for (std::size_t i = 0; i < 8; ++i)
        id.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
    id.bytes[8] |= 0x80;
    return id;
}

}  // namespace afterresume
