#include "infra/sql/postgres_result.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace afterresume::sql {

namespace {

// Type numbers of pg_type.dat that the program uses.
enum Type : Oid {
    type_bool = 16,
    type_bytea = 17,
    type_int8 = 20,
    type_int2 = 21,
    type_int4 = 23,
    type_oid = 26,
    type_json = 114,
    type_float4 = 700,
    type_float8 = 701,
    type_date = 1082,
    type_timestamp = 1114,
    type_timestamptz = 1184,
    type_numeric = 1700,
    type_void = 2278,
    type_uuid = 2950,
    type_jsonb = 3802,
};
// Of the function ensure(), whose message is a code of the program.
constexpr std::string_view ensure_failed = "AR001";
constexpr std::string_view unique_violated = "23505";
constexpr std::array text_types{Oid{18},  Oid{19},   Oid{25},  Oid{type_json},
                                Oid{705}, Oid{1042}, Oid{1043}};
// Types that extensions and CREATE TYPE make begin here: enumerations among them, whose binary form
// is their name.
constexpr Oid first_own_type = 16'384;

// PostgreSQL counts from 2000-01-01.
constexpr std::int64_t epoch_days = 10'957;
constexpr std::int64_t epoch_milliseconds = epoch_days * 86'400'000;

template <class T>
T big_endian(const char* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    if constexpr (sizeof value == 2)
        return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
    if constexpr (sizeof value == 4)
        return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
    if constexpr (sizeof value == 8)
        return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
}

std::int64_t milliseconds(std::int64_t microseconds) {
    auto floor = microseconds / 1'000 - (microseconds % 1'000 < 0 ? 1 : 0);
    return floor + epoch_milliseconds;
}

Cell integer(std::int64_t value) {
    Cell cell;
    cell.kind = Cell::Kind::integer;
    cell.integer = value;
    return cell;
}

Cell real(double value) {
    Cell cell;
    cell.kind = Cell::Kind::real;
    cell.real = value;
    return cell;
}

Cell text(std::string_view value, Cell::Kind kind = Cell::Kind::text) {
    Cell cell;
    cell.kind = kind;
    cell.text = value;
    return cell;
}

// numeric: digit groups of four, their weight, sign and scale (numeric_send of PostgreSQL's
// source). A whole number that fits is an integer, all else the nearest double.
Cell decimal(const char* bytes) {
    auto groups = big_endian<std::int16_t>(bytes);
    auto weight = big_endian<std::int16_t>(bytes + 2);
    auto sign = big_endian<std::uint16_t>(bytes + 4);
    auto scale = big_endian<std::int16_t>(bytes + 6);
    if (sign == 0xC000) return real(std::nan(""));
    if (sign == 0xD000) return real(HUGE_VAL);
    if (sign == 0xF000) return real(-HUGE_VAL);

    std::string digits = sign == 0x4000 ? "-" : "";
    for (int place = 0; place < groups; ++place) {
        auto group = std::to_string(big_endian<std::int16_t>(bytes + 8 + 2 * place));
        digits += std::string(4 - group.size(), '0') + group;
    }
    if (groups == 0) digits += '0';
    auto exponent = groups == 0 ? 0 : 4 * (weight - groups + 1);
    const char* end = nullptr;
    if (scale == 0 && exponent >= 0) {
        auto whole = digits + std::string(static_cast<std::size_t>(exponent), '0');
        std::int64_t value = 0;
        end = whole.data() + whole.size();
        if (std::from_chars(whole.data(), end, value) == std::from_chars_result{end, std::errc{}})
            return integer(value);
    }
    digits += 'e' + std::to_string(exponent);
    double value = 0;
    end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, value).ec == std::errc::result_out_of_range) {
        value = exponent > 0 ? HUGE_VAL : 0;
    }
    return real(value);
}

// In the binary format of the type.
Cell cell_of(Oid type, std::string_view whole) {
    const char* bytes = whole.data();
    switch (type) {
        case type_bool:
            return integer(bytes[0] != 0);
        case type_int2:
            return integer(big_endian<std::int16_t>(bytes));
        case type_int4:
            return integer(big_endian<std::int32_t>(bytes));
        case type_int8:
            return integer(big_endian<std::int64_t>(bytes));
        case type_oid:
            return integer(big_endian<std::uint32_t>(bytes));
        case type_float4:
            return real(std::bit_cast<float>(big_endian<std::uint32_t>(bytes)));
        case type_float8:
            return real(std::bit_cast<double>(big_endian<std::uint64_t>(bytes)));
        case type_date:
            return integer(big_endian<std::int32_t>(bytes) + epoch_days);
        case type_timestamp:
        case type_timestamptz:
            return integer(milliseconds(big_endian<std::int64_t>(bytes)));
        case type_numeric:
            return decimal(bytes);
        case type_void:
            return {};
        case type_bytea:
        case type_uuid:
            return text(whole, Cell::Kind::bytes);
        case type_jsonb:
            return text(whole.substr(1));
        default:
            break;
    }
    if (type >= first_own_type) return text(whole);
    for (auto known : text_types) {
        if (type == known) return text(whole);
    }
    throw std::logic_error(fmt::format("the program reads no columns of PostgreSQL's type {}", type)
    );
}

}  // namespace

std::size_t PostgresResult::rows() const {
    return static_cast<std::size_t>(PQntuples(result_.get()));
}
std::size_t PostgresResult::columns() const {
    return static_cast<std::size_t>(PQnfields(result_.get()));
}
std::string_view PostgresResult::column(std::size_t index) const {
    return PQfname(result_.get(), static_cast<int>(index));
}
std::int64_t PostgresResult::changed() const { return rows_changed(result_.get()); }

Cell PostgresResult::cell(std::size_t row_index, std::size_t column_index) const {
    auto row = static_cast<int>(row_index);
    auto column = static_cast<int>(column_index);
    if (PQgetisnull(result_.get(), row, column)) return {};
    std::string_view whole(
        PQgetvalue(result_.get(), row, column),
        static_cast<std::size_t>(PQgetlength(result_.get(), row, column))
    );
    return cell_of(PQftype(result_.get(), column), whole);
}

std::int64_t rows_changed(const PGresult* result) {
    // libpq takes no const here and changes nothing.
    auto* mutable_result = const_cast<PGresult*>(result);
    if (std::string_view(PQcmdStatus(mutable_result)).starts_with("SELECT")) return 0;
    std::string_view count = PQcmdTuples(mutable_result);
    std::int64_t changed = 0;
    std::from_chars(count.data(), count.data() + count.size(), changed);
    return changed;
}

Error away() {
    return Error(ErrorKind::unavailable, "sql.away", "The database cannot be reached.")
        .retry_after(1);
}

Error busy() {
    return Error(ErrorKind::unavailable, "sql.busy", "The database is busy; try again.")
        .retry_after(1);
}

// Classes of the appendix "PostgreSQL Error Codes" of its manual.
bool is_conflict(std::string_view sqlstate) {
    return sqlstate == unique_violated || sqlstate == ensure_failed;
}

Error error_of(
    std::string_view sqlstate, std::string_view constraint, std::string_view message
) {
    if (sqlstate == ensure_failed) {
        return Error(
            ErrorKind::conflict, std::string(message), "What had to hold does not hold any more."
        );
    }
    if (sqlstate == unique_violated) {
        return Error(
            ErrorKind::conflict, "sql.unique", fmt::format("This exists already ({}).", constraint)
        );
    }
    if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03" || sqlstate == "57014")
        return busy();
    if (sqlstate.starts_with("08") || sqlstate.starts_with("57P0") || sqlstate == "25P03" ||
        sqlstate == "53300") {
        return away();
    }
    if (sqlstate == "53100") {
        return Error(
            ErrorKind::storage_full, "sql.disk_full", "The disk that holds the database is full."
        );
    }
    // Broken checks, and rows beyond the fence.
    if (sqlstate.starts_with("23") || sqlstate == "42501") {
        return Error(ErrorKind::internal, "sql.constraint", "The database refused a value.");
    }
    return Error(ErrorKind::internal, "sql.failed", "The database refused a statement.");
}

Error error_of(const PGresult* result) {
    auto field = [&](int code) {
        const char* value = PQresultErrorField(result, code);
        return std::string_view(value ? value : "");
    };
    // Without a SQLSTATE it is libpq that speaks: the connection broke.
    auto sqlstate = field(PG_DIAG_SQLSTATE);
    return sqlstate.empty() ? away() : error_of(
        sqlstate, field(PG_DIAG_CONSTRAINT_NAME), field(PG_DIAG_MESSAGE_PRIMARY)
    );
}

}  // namespace afterresume::sql
