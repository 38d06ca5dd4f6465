// Which passwords are among the first that anyone would guess.
#include "core/text.h"
#include "embedded/common_passwords.h"
#include "features/accounts/model.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

namespace afterresume::accounts {

namespace {

constexpr std::size_t shortest = 10;

// Words around which most guessed passwords are built; what is left of a password without them must
// still be long.
constexpr std::array<std::string_view, 36> common_words{
    "password",   "passwort", "passw0rd",      "p@ssword", "p@ssw0rd", "qwerty",
    "qwertz",     "azerty",   "asdfgh",        "zxcvbn",   "letmein",  "welcome",
    "willkommen", "admin",    "administrator", "root",     "login",    "master",
    "monkey",     "dragon",   "sunshine",      "princess", "football", "baseball",
    "iloveyou",   "superman", "batman",        "trustno1", "starwars", "whatever",
    "changeme",   "default",  "secret",        "summer",   "winter",   "afterresume",
};

// One a line, folded; lines that begin with #! are comments.
std::unordered_set<std::string> read_list(std::string_view text) {
    std::unordered_set<std::string> all;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!line.empty() && !line.starts_with("#!"))
            all.insert(fold_for_search(std::string(line)));
    }
    return all;
}

bool is_listed(const std::string& folded) {
    static const auto all = read_list(embedded::common_passwords().front().text);
    return all.contains(folded);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// Without the digits and signs at both ends, which many add to a word.
std::string undecorated(const std::string& folded) {
    auto begin = std::ranges::find_if(folded, is_letter);
    auto end = std::find_if(folded.rbegin(), folded.rend(), is_letter).base();
    return begin < end ? std::string(begin, end) : std::string();
}

bool is_run(char a, char b) { return b == a || b == a + 1 || b == a - 1; }

// Characters that do not merely repeat or count on from the one before.
std::size_t unpredictable(std::string_view text) {
    if (text.empty()) return 0;
    std::size_t count = 1;
    for (std::size_t i = 1; i < text.size(); ++i) count += is_run(text[i - 1], text[i]) ? 0 : 1;
    return count;
}

void erase_all(std::string& text, std::string_view word) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
        text.erase(at, word.size());
}

}  // namespace

std::optional<std::string> weakness(const std::string& password, const std::string& email) {
    if (code_points(password) < shortest) return "must have at least 10 characters";
    if (password.size() > 1024) return "must have at most 1024 bytes";
    auto rest = fold_for_search(password);
    if (is_listed(rest)) return "is among the first that anyone would guess";
    auto core = undecorated(rest);
    if (!core.empty() && is_listed(core)) erase_all(rest, core);
    for (auto word : common_words) erase_all(rest, word);
    auto name = fold_for_search(email.substr(0, email.find('@')));
    if (name.size() >= 4) erase_all(rest, name);
    if (unpredictable(rest) < 6) return "is among the first that anyone would guess";
    return std::nullopt;
}

}  // namespace afterresume::accounts
