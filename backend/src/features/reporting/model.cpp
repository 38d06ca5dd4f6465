#include "features/reporting/model.h"

namespace afterresume::reporting {

Counts count_lines(const Content& content) {
    Counts counts;
    for (const auto& section : content.sections) {
        for (const auto& line : section.lines) {
            ++counts.lines;
            if (line.verdict == Verdict::unverified) ++counts.unverified;
        }
    }
    return counts;
}

void number_lines(Content& content) {
    std::int64_t number = 0;
    for (auto& section : content.sections) {
        for (auto& line : section.lines) line.id = ++number;
    }
}

bool is_exported(const Line& line) {
    return !line.text.empty() && line.verdict != Verdict::unverified;
}

Content shown(Content content, Unverified unverified) {
    for (auto& section : content.sections) {
        std::erase_if(section.lines, [&](const Line& line) {
            return line.text.empty() || (unverified == Unverified::left_out && !is_exported(line));
        });
    }
    // A résumé's sections say which items to take away once they are empty.
    std::erase_if(content.sections, [](const Section& section) {
        return section.lines.empty() && !section.pointer;
    });
    return content;
}

}  // namespace afterresume::reporting
