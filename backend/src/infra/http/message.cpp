#include "infra/http/message.h"

#include <algorithm>

namespace afterresume::http {

namespace {

constexpr char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

}  // namespace

bool same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

void Headers::add(std::string_view name, std::string_view value) {
    marks_.push_back({
        static_cast<std::uint32_t>(text_.size()),
        static_cast<std::uint32_t>(name.size()),
        static_cast<std::uint32_t>(value.size()),
    });
    text_.append(name).append(value);
}

Headers::Field Headers::at(std::size_t index) const {
    const auto& mark = marks_[index];
    const std::string_view text = text_;
    return {
        text.substr(mark.begin, mark.name_size),
        text.substr(mark.begin + mark.name_size, mark.value_size)
    };
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (std::size_t index = 0; index < marks_.size(); ++index) {
        if (marks_[index].name_size != name.size()) continue;
        if (auto field = at(index); same_name(field.name, name)) return field.value;
    }
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
    std::size_t found = 0;
    for (std::size_t index = 0; index < marks_.size(); ++index)
        found += same_name(at(index).name, name) ? 1 : 0;
    return found;
}

void Headers::clear() {
    text_.clear();
    marks_.clear();
}

void Headers::trim() {
    clear();
    text_.shrink_to_fit();
    marks_.shrink_to_fit();
}

std::string_view Request::cookie(std::string_view name) const {
    auto rest = header("cookie");
    while (!rest.empty()) {
        auto end = std::min(rest.find(';'), rest.size());
        auto pair = rest.substr(0, end);
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return pair.substr(name.size() + 1);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
}

void Request::set_target(std::string_view text) {
    target.assign(text);
    const std::string_view all = target;
    const auto mark = all.find('?');
    path = all.substr(0, mark);
    query = mark == std::string_view::npos ? std::string_view{} : all.substr(mark + 1);
}

void Request::clear() {
    method.clear();
    set_target("");
    headers.clear();
    body.clear();
    body_stream = nullptr;
    content_length.reset();
    keep_alive = true;
}

void Request::trim() {
    clear();
    target.shrink_to_fit();
    set_target("");
    headers.trim();
    body.shrink_to_fit();
}

}  // namespace afterresume::http
