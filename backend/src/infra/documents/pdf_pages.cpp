#include "infra/documents/pdf_flow.h"

namespace afterresume::documents {

namespace {

// The rows from `first` up to the next allowed break.
std::size_t end_of_block(const std::vector<Row>& rows, std::size_t first) {
    auto last = first;
    while (last + 1 < rows.size() && rows[last].after == Break::forbidden) ++last;
    return last + 1;
}

double height_of(const std::vector<Row>& rows, std::size_t first, std::size_t end) {
    double height = 0;
    for (auto i = first; i < end; ++i)
        height += rows[i].height + (i == first ? 0 : rows[i].space_before);
    return height;
}

}  // namespace

PageSize size_of(Paper paper) {
    return paper == Paper::letter ? PageSize{612, 792} : PageSize{595.276, 841.890};
}

std::vector<Page> paginate(const Flow& flow, const Style& style, PageSize page) {
    std::vector<Page> pages(1);
    const double bottom = page.height - style.bottom_margin;
    double y = style.top_margin;
    auto turn = [&] {
        pages.emplace_back();
        y = style.top_margin;
    };
    for (std::size_t first = 0; first < flow.rows.size();) {
        auto end = end_of_block(flow.rows, first);
        auto space = pages.back().empty() ? 0 : flow.rows[first].space_before;
        if (!pages.back().empty() && y + space + height_of(flow.rows, first, end) > bottom) turn();
        for (; first < end; ++first) {
            const auto& row = flow.rows[first];
            if (!pages.back().empty() && y + row.space_before + row.height > bottom) turn();
            if (!pages.back().empty()) y += row.space_before;
            pages.back().push_back({&row, y});
            y += row.height;
        }
    }
    return pages;
}

}  // namespace afterresume::documents
