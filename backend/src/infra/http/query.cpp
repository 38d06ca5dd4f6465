#include "infra/http/query.h"

#include "core/text.h"

#include <boost/json/value.hpp>
#include <boost/url/parse_query.hpp>

#include <charconv>

namespace afterresume::http {

std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> out;
    if (query.empty()) return out;
    auto parsed = boost::urls::parse_query(query);
    if (!parsed)
        throw Error(
            ErrorKind::malformed, "request.malformed_query", "The query string is malformed."
        );
    boost::urls::encoding_opts options;
    options.space_as_plus = true;
    for (auto parameter : *parsed) {
        std::string name = parameter.key.decode(options);
        std::string value = parameter.value.decode(options);
        if (!is_utf8(name) || !is_utf8(value))
            throw Error(
                ErrorKind::malformed, "request.malformed_query", "The query string is not UTF-8."
            );
        out.emplace_back(std::move(name), std::move(value));
    }
    return out;
}

Json integer_parameter(const std::string& text) {
    std::int64_t value = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure == std::errc() && end == text.data() + text.size()) return Json(value);
    return Json(text);
}

Json boolean_parameter(const std::string& text) {
    if (text == "true" || text == "1") return Json(true);
    if (text == "false" || text == "0") return Json(false);
    return Json(text);
}

}  // namespace afterresume::http
