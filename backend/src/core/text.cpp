#include "core/text.h"

#include <libstemmer.h>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace afterresume {

namespace {

// PostgreSQL indexes no word over 2,047 bytes.
constexpr std::size_t longest_word = 500;

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80;
    });
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* found = get(status);
    if (U_FAILURE(status) != 0) throw std::runtime_error("ICU has no normalisation data");
    return *found;
}

icu::UnicodeString normalized(const icu::Normalizer2& form, const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    auto out = form.normalize(text, status);
    if (U_FAILURE(status) != 0) throw std::runtime_error("ICU could not normalise");
    return out;
}

struct StemmerCloser {
    void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

std::string stem(const std::string& word) {
    thread_local std::unique_ptr<sb_stemmer, StemmerCloser> english(
        sb_stemmer_new("english", "UTF_8")
    );
    const auto* out = sb_stemmer_stem(
        english.get(), reinterpret_cast<const sb_symbol*>(word.data()),
        static_cast<int>(word.size())
    );
    std::string_view stemmed(
        reinterpret_cast<const char*>(out),
        static_cast<std::size_t>(sb_stemmer_length(english.get()))
    );
    return std::string(first_code_points(stemmed, longest_word));
}

std::vector<std::string> ascii_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    auto close = [&] {
        if (!word.empty()) words.push_back(stem(word));
        word.clear();
    };
    for (char c : text) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            word += c;
        } else {
            close();
        }
    }
    close();
    return words;
}

}  // namespace

bool is_utf8(std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t i = 0; i < size;) {
        UChar32 c = 0;
        U8_NEXT(bytes, i, size, c);
        if (c < 0) return false;
    }
    return true;
}

std::string to_nfc(std::string text) {
    if (is_ascii(text)) return text;
    const auto& nfc = normalizer(&icu::Normalizer2::getNFCInstance);
    UErrorCode status = U_ZERO_ERROR;
    auto wide = icu::UnicodeString::fromUTF8(text);
    if (nfc.isNormalized(wide, status) != 0) return text;
    std::string out;
    normalized(nfc, wide).toUTF8String(out);
    return out;
}

std::string fold_for_search(std::string_view text) {
    std::string out;
    if (is_ascii(text)) {
        out.resize(text.size());
        std::transform(text.begin(), text.end(), out.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        return out;
    }
    auto wide = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size()))
    );
    wide = normalized(normalizer(&icu::Normalizer2::getNFKCCasefoldInstance), wide);
    wide = normalized(normalizer(&icu::Normalizer2::getNFDInstance), wide);
    icu::UnicodeString bare;
    for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
        auto c = wide.char32At(i);
        if (u_charType(c) != U_NON_SPACING_MARK) bare.append(c);
    }
    normalized(normalizer(&icu::Normalizer2::getNFCInstance), bare).toUTF8String(out);
    return out;
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (c & 0xC0) != 0x80;
    }));
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((text[i] & 0xC0) != 0x80 && seen++ == count) return text.substr(0, i);
    }
    return text;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::string> search_words(std::string_view text) {
    auto folded = fold_for_search(text);
    if (is_ascii(folded)) return ascii_words(folded);
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status)
    );
    if (U_FAILURE(status) != 0) throw std::runtime_error("ICU has no word break data");
    auto wide = icu::UnicodeString::fromUTF8(folded);
    breaks->setText(wide);
    std::vector<std::string> words;
    for (auto from = breaks->first(), to = breaks->next(); to != icu::BreakIterator::DONE;
         from = to, to = breaks->next()) {
        if (breaks->getRuleStatus() < UBRK_WORD_NUMBER) continue;
        std::string word;
        wide.tempSubStringBetween(from, to).toUTF8String(word);
        words.push_back(stem(word));
    }
    return words;
}

}  // namespace afterresume
