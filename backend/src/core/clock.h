// Time. Instants are UTC with milliseconds, dates are a person's local dates; who needs "now" takes
// a Clock, so that tests own the time.
#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace afterresume {

using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

struct LocalDate {
    std::chrono::year_month_day day{};

    LocalDate() = default;
    explicit LocalDate(std::chrono::year_month_day value) : day(value) {}
    explicit LocalDate(std::chrono::sys_days value) : day(value) {}
    LocalDate(int year, unsigned month, unsigned day_of_month)
        : day(std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day_of_month}) {}

    auto operator<=>(const LocalDate&) const = default;

    // Days since 1970-01-01.
    int days() const {
        return static_cast<int>(std::chrono::sys_days{day}.time_since_epoch().count());
    }
    LocalDate plus_days(int count) const {
        return LocalDate(std::chrono::sys_days{day} + std::chrono::days{count});
    }
    // ISO 8601, as in 2026-03-01.
    std::string text() const;
    // Only existing days of the years 1 to 9999 in the form above.
    static std::optional<LocalDate> parse(std::string_view text);
};

// RFC 3339 with milliseconds, as in 2026-03-01T09:30:00.250Z.
std::string to_text(Timestamp time);
// RFC 3339 with any offset and up to nine digits of a second (cut to milliseconds); nullopt for
// anything else.
std::optional<Timestamp> parse_timestamp(std::string_view text);

// The date at an instant in an IANA time zone. Throws Error(invalid) for an unknown zone.
LocalDate local_date(Timestamp time, const std::string& zone);
bool is_time_zone(const std::string& zone);

class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
public:
    Timestamp now() const override;
};

// Stands still until told otherwise.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp start) : now_(start) {}
    Timestamp now() const override { return now_.load(); }
    void set(Timestamp time) { now_ = time; }
    void advance(std::chrono::milliseconds by) { now_ = now_.load() + by; }

private:
    std::atomic<Timestamp> now_;
};

}  // namespace afterresume
