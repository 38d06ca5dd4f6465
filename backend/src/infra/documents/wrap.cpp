#include "infra/documents/wrap.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <stdexcept>

namespace afterresume::documents {

namespace {

std::size_t columns_of(UChar32 c) {
    auto mask = U_GET_GC_MASK(c);
    if ((mask & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_CC_MASK)) != 0) return 0;
    auto width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool needs_no_space(UChar32 c) {
    return columns_of(c) == 2 || u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
}

std::string_view without_last_space(std::string_view text) {
    if (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

std::size_t columns(std::string_view text) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    auto size = static_cast<std::int32_t>(text.size());
    std::size_t count = 0;
    for (std::int32_t at = 0; at < size;) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(bytes, at, size, c);
        count += columns_of(c);
    }
    return count;
}

Wrapper::Wrapper(const std::string& language) {
    UErrorCode status = U_ZERO_ERROR;
    auto locale = icu::Locale::forLanguageTag(language, status);
    if (U_FAILURE(status) != 0) locale = icu::Locale::getRoot();
    status = U_ZERO_ERROR;
    breaks_.reset(icu::BreakIterator::createLineInstance(locale, status));
    if (U_FAILURE(status) != 0) throw std::runtime_error("ICU has no line break data");
}

std::vector<std::string> Wrapper::pieces(std::string_view line) const {
    auto wide = icu::UnicodeString::fromUTF8(
        icu::StringPiece(line.data(), static_cast<std::int32_t>(line.size()))
    );
    breaks_->setText(wide);
    std::vector<std::string> out;
    std::int32_t from = 0;
    for (auto to = breaks_->next(); to != icu::BreakIterator::DONE; to = breaks_->next()) {
        auto before = wide.char32At(wide.moveIndex32(to, -1));
        bool ends = to == wide.length();
        if (!ends && before != ' ' && !needs_no_space(before) && !needs_no_space(wide.char32At(to)))
            continue;
        wide.tempSubStringBetween(from, to).toUTF8String(out.emplace_back());
        from = to;
    }
    return out;
}

std::vector<std::string> Wrapper::wrap(std::string_view text, std::size_t width) const {
    std::vector<std::string> lines;
    while (true) {
        auto end = text.find('\n');
        std::string line;
        std::size_t used = 0;
        for (const auto& piece : pieces(text.substr(0, end))) {
            if (!line.empty() && used + columns(without_last_space(piece)) > width) {
                lines.emplace_back(without_last_space(line));
                line.clear();
                used = 0;
            }
            line += piece;
            used += columns(piece);
        }
        lines.emplace_back(without_last_space(line));
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

}  // namespace afterresume::documents
