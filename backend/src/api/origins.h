// Origins of pages (RFC 6454), as browsers write them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace afterresume::api {

using Origins = std::set<std::string, std::less<>>;

// Scheme and host in small letters, no slash at the end. Empty for what has none.
std::string origin_of(std::string_view url);

// Throws Error(invalid), which names the setting, for a text that is no origin.
Origins origins_of(std::string_view setting, const std::vector<std::string>& texts);

}  // namespace afterresume::api
