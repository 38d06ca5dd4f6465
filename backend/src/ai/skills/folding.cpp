#include "ai/skills/folding.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace afterresume::skill_matching {

namespace {

constexpr char32_t replacement = 0xFFFD;

char32_t ascii_quote_or_self(char32_t code_point) {
    return code_point == 0x2019 || code_point == 0x2018 ? U'\'' : code_point;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t position) {
    auto first = static_cast<unsigned char>(text[position]);
    if (first < 0x80) return {first, 1};
    auto rest = text.substr(position, 4);
    std::int32_t offset = 0;
    UChar32 value = 0;
    U8_NEXT(rest.data(), offset, static_cast<std::int32_t>(rest.size()), value);
    if (value < 0) return {replacement, 1};
    return {static_cast<char32_t>(value), static_cast<std::uint8_t>(offset)};
}

CodePoint code_point_before(std::string_view text, std::size_t position) {
    auto last = static_cast<unsigned char>(text[position - 1]);
    if (last < 0x80) return {last, 1};
    for (std::size_t size = 2; size <= 4 && size <= position; ++size) {
        auto found = code_point_at(text, position - size);
        if (found.size == size) return found;
    }
    return {replacement, 1};
}

bool is_word(char32_t code_point) {
    if (code_point < 0x80) {
        return (code_point >= 'a' && code_point <= 'z') ||
               (code_point >= 'A' && code_point <= 'Z') || (code_point >= '0' && code_point <= '9');
    }
    if (!u_isalnum(static_cast<UChar32>(code_point))) return false;
    UErrorCode status = U_ZERO_ERROR;
    auto script = uscript_getScript(static_cast<UChar32>(code_point), &status);
    return script != USCRIPT_HAN && script != USCRIPT_HIRAGANA && script != USCRIPT_KATAKANA &&
           script != USCRIPT_HANGUL;
}

bool is_separator(char32_t code_point) {
    if (code_point < 0x80) {
        return code_point == ' ' || code_point == '-' || code_point == '_' || code_point == '\t' ||
               code_point == '\r' || code_point == '\n';
    }
    return (code_point >= 0x2010 && code_point <= 0x2015) || code_point == 0xA0 ||
           u_isUWhiteSpace(static_cast<UChar32>(code_point));
}

std::string folded(char32_t code_point) {
    if (is_separator(code_point)) return " ";
    auto plain = ascii_quote_or_self(code_point);
    if (plain < 0x80) return {static_cast<char>(plain)};
    UErrorCode status = U_ZERO_ERROR;
    const auto* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (U_FAILURE(status)) return {};
    auto result = normalizer->normalize(icu::UnicodeString(static_cast<UChar32>(plain)), status);
    std::string utf8;
    if (U_SUCCESS(status)) result.toUTF8String(utf8);
    return utf8;
}

std::string fold(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    auto separate = [&result] {
        if (!result.empty() && result.back() != ' ') result += ' ';
    };
    for (std::size_t position = 0; position < text.size();) {
        auto next = code_point_at(text, position);
        position += next.size;
        if (is_separator(next.value)) {
            separate();
        } else if (next.value < 0x80) {
            auto letter = static_cast<char>(next.value);
            result += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
        } else {
            result += folded(next.value);
        }
    }
    if (!result.empty() && result.back() == ' ') result.pop_back();
    return result;
}

std::string name_key(std::string_view name) {
    auto key = fold(name);
    std::erase_if(key, [](char letter) {
        return letter == ' ' || letter == '.' || letter == '/' || letter == '\'' || letter == '&' ||
               letter == '@';
    });
    return key;
}

}  // namespace afterresume::skill_matching
