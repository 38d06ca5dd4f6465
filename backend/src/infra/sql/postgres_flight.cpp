#include "infra/sql/postgres_flight.h"

#include <fmt/format.h>

namespace afterresume::sql {

ParsedStatementPointer StatementCache::get(const Statement& statement) {
    auto text = statement.for_dialect(Dialect::postgres);
    if (auto found = by_text_.find(text); found != by_text_.end()) {
        recent_.splice(recent_.begin(), recent_, found->second);
        return *found->second;
    }
    auto positional = to_positional(text, Dialect::postgres);
    auto parsed = std::make_shared<ParsedStatement>();
    parsed->number = next_number_++;
    parsed->name = statement.name;
    parsed->text = std::move(positional.text);
    parsed->parameters = std::move(positional.names);
    parsed->source = text;
    if (recent_.size() == limit_) {
        by_text_.erase(recent_.back()->source);
        recent_.pop_back();
    }
    recent_.push_front(parsed);
    by_text_.emplace(parsed->source, recent_.begin());
    return parsed;
}

namespace {

constexpr char hex_digits[] = "0123456789abcdef";

struct Writer {
    std::string& out;

    void operator()(std::monostate) const {}
    void operator()(bool value) const { out += value ? 't' : 'f'; }
    void operator()(std::int64_t value) const {
        fmt::format_to(std::back_inserter(out), "{}", value);
    }
    void operator()(double value) const { fmt::format_to(std::back_inserter(out), "{}", value); }
    void operator()(const std::string& value) const { out += value; }
    void operator()(const JsonText& value) const { out += value.text; }
    void operator()(Timestamp value) const { out += to_text(value); }
    void operator()(const LocalDate& value) const { out += value.text(); }
    void operator()(const Uuid& value) const { out += value.text(); }
    void operator()(const Blob& value) const {
        out.reserve(out.size() + 2 * value.bytes.size() + 3);
        out += "\\x";
        for (unsigned char byte : value.bytes) {
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 15];
        }
    }
};

}  // namespace

void Parameters::add(const Value& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        begins_.push_back(std::string::npos);
        return;
    }
    auto begin = buffer_.size();
    std::visit(Writer{buffer_}, value);
    if (buffer_.find('\0', begin) != std::string::npos) {
        throw Error(ErrorKind::invalid, "sql.text", "A text must not hold the character NUL.");
    }
    buffer_ += '\0';
    begins_.push_back(begin);
}

void Parameters::add_text(std::string_view text) {
    begins_.push_back(buffer_.size());
    buffer_ += text;
    buffer_ += '\0';
}

void Parameters::pointers(std::vector<const char*>& out) const {
    out.clear();
    for (auto begin : begins_)
        out.push_back(begin == std::string::npos ? nullptr : buffer_.data() + begin);
}

}  // namespace afterresume::sql
