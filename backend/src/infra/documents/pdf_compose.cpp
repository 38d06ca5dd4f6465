#include "infra/documents/clean.h"
#include "infra/documents/pdf_flow.h"

#include <algorithm>

namespace afterresume::documents {

namespace {

constexpr double column_gap = 14;

struct Box {
    double x = 0;
    double width = 0;
};

class Composer {
public:
    Composer(const Style& style, PageSize page, Typesetter& type)
        : style_(style),
          type_(type),
          area_{style.side_margin, page.width - 2 * style.side_margin} {}

    Flow compose(const Document& document) {
        root_ = element("Document", -1);
        header(document);
        for (const auto& section : document.sections) add(section);
        auto before = style_.heading_space;
        for (const auto& note : document.notes) {
            paragraph(element("P", root_), note, style_.note, before);
            before = style_.paragraph_space;
        }
        return std::move(flow_);
    }

private:
    int element(const char* name, int parent) {
        flow_.elements.push_back({name, parent});
        return static_cast<int>(flow_.elements.size()) - 1;
    }

    const Paragraph& keep(Paragraph paragraph) {
        return flow_.paragraphs.emplace_back(std::move(paragraph));
    }

    // Neither the first nor the last line of a paragraph stands alone on a page.
    void lines(int element, const Paragraph& set, double x, double before) {
        auto count = set.lines.size();
        for (std::size_t i = 0; i < count; ++i) {
            Row row;
            row.space_before = i == 0 ? before : 0;
            row.height = set.lines[i].height;
            bool splits_badly = i + 1 < count && (i == 0 || i + 2 == count);
            row.after = splits_badly ? Break::forbidden : Break::allowed;
            row.pieces.push_back({element, &set, &set.lines[i], x, 0});
            flow_.rows.push_back(std::move(row));
        }
    }

    void paragraph(
        int element, const Text& text, const Face& face, double before,
        Alignment alignment = Alignment::start
    ) {
        if (text.empty()) return;
        lines(element, keep(type_.set(text, face, area_.width, alignment)), area_.x, before);
    }

    void hold_to_next(std::size_t from) {
        for (auto i = from; i < flow_.rows.size(); ++i) flow_.rows[i].after = Break::forbidden;
    }

    void header(const Document& document) {
        auto alignment =
            style_.header == HeaderAlignment::centre ? Alignment::centre : Alignment::start;
        auto first = flow_.rows.size();
        if (!document.title.empty()) {
            paragraph(element("H1", root_), document.title, style_.title, 0, alignment);
        }
        if (!document.subtitle.empty()) {
            paragraph(element("P", root_), document.subtitle, style_.subtitle, 1, alignment);
        }
        if (!document.contacts.empty()) {
            paragraph(
                element("P", root_), contacts(document.contacts), style_.contact, 4, alignment
            );
        }
        hold_to_next(first);
    }

    static Text contacts(const std::vector<Contact>& all) {
        Text line;
        for (const auto& contact : all) {
            if (!line.empty()) line.spans.push_back({"  ·  ", Emphasis::none, {}});
            line.spans.push_back({contact.text, Emphasis::none, contact.url});
        }
        return line;
    }

    void add(const Section& section) {
        auto part = element("Sect", root_);
        if (!section.heading.empty()) heading(part, section.heading);
        double before = section.heading.empty() ? style_.heading_space : style_.paragraph_space + 2;
        for (const auto& text : section.paragraphs) {
            paragraph(element("P", part), text, style_.body, before);
            before = style_.paragraph_space;
        }
        bullets(part, section.bullets, before);
        if (!section.bullets.empty()) before = style_.entry_space;
        entries(part, section.entries, before);
        if (!section.entries.empty()) before = style_.entry_space;
        if (!section.tags.empty()) {
            paragraph(element("P", part), joined(section.tags, ", "), style_.body, before);
        }
    }

    // Of a list of single lines, as of a paragraph, neither the first nor the last stands alone.
    void entries(int part, const std::vector<Entry>& all, double before) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto is_line = [&](std::size_t at) { return at < all.size() && is_one_line(all[at]); };
            bool follows = i > 0 && is_line(i - 1);
            if (is_line(i) && follows && (i == 1 || !is_line(i - 2) || !is_line(i + 1)))
                hold_to_next(flow_.rows.size() - 1);
            add(part, all[i], is_line(i) && follows ? style_.paragraph_space - 1 : before);
            before = style_.entry_space;
        }
    }

    void heading(int part, const std::string& text) {
        auto first = flow_.rows.size();
        paragraph(element("H2", part), text, style_.heading, style_.heading_space);
        hold_to_next(first);
        flow_.rows[first].bookmark = text;
        flow_.rows.back().ruled = true;
        flow_.rows.back().height += 2.5;
    }

    void add(int part, const Entry& entry, double before) {
        if (is_one_line(entry)) return one_line(part, entry, before);
        auto first = flow_.rows.size();
        auto title = entry.title.empty() ? 0 : element("H3", part);
        auto dates = entry.dates.empty() ? 0 : element("P", part);
        pair({title, entry.title, style_.entry_title}, {dates, entry.dates, style_.dates}, before);
        auto details = second_row(entry);
        auto organisation = details.empty() ? 0 : element("P", part);
        auto location = entry.location.empty() ? 0 : element("P", part);
        pair(
            {organisation, details, style_.organisation}, {location, entry.location, style_.detail},
            0
        );
        if (!entry.title.empty()) {
            flow_.rows[first].bookmark = entry.title;
            flow_.rows[first].depth = 1;
        }
        if (!entry.summary.empty() || !entry.bullets.empty() || !entry.tags.empty())
            hold_to_next(first);
        paragraph(element("P", part), entry.summary, style_.body, 2);
        bullets(part, entry.bullets, style_.bullet_space + 1);
        if (!entry.tags.empty()) {
            hold_to_next(flow_.rows.size() - 1);
            paragraph(
                element("P", part), joined(entry.tags, " · "), style_.tags, style_.bullet_space + 1
            );
        }
    }

    static Text second_row(const Entry& entry) {
        Text row;
        if (!entry.organisation.empty())
            row.spans.push_back({entry.organisation, Emphasis::none, {}});
        if (!entry.url.empty()) {
            if (!row.empty()) row.spans.push_back({"  ·  ", Emphasis::none, {}});
            row.spans.push_back({display_url(entry.url), Emphasis::none, entry.url});
        }
        return row;
    }

    void one_line(int part, const Entry& entry, double before) {
        Text line;
        auto colon = entry.title.back() == ':' ? " " : ": ";
        line.spans.push_back({entry.title + colon, Emphasis::strong, {}});
        line.spans.push_back({joined(entry.tags, ", "), Emphasis::none, {}});
        paragraph(element("P", part), line, style_.body, before);
    }

    struct Cell {
        int element = 0;
        Text text;
        const Face& face;
    };

    // Two texts on one row, the second at the far end; when there is no room for that, below.
    void pair(const Cell& near, const Cell& far, double before) {
        if (near.text.empty() && far.text.empty()) return;
        if (near.text.empty()) return paragraph(far.element, far.text, far.face, before);
        if (far.text.empty()) return paragraph(near.element, near.text, near.face, before);
        auto right = type_.set(far.text, far.face, -1);
        auto left =
            type_.set(near.text, near.face, std::max(area_.width - right.width - column_gap, 1.0));
        if (right.width > area_.width * 0.45 || right.lines.size() > 1 || left.lines.size() > 4) {
            paragraph(near.element, near.text, near.face, before);
            return paragraph(far.element, far.text, far.face, 0);
        }
        side_by_side(
            near.element, keep(std::move(left)), far.element, keep(std::move(right)), before
        );
    }

    void side_by_side(
        int near, const Paragraph& left, int far, const Paragraph& right, double before
    ) {
        Row row;
        row.space_before = before;
        auto left_x = left.right_to_left ? area_.x + right.width + column_gap : area_.x;
        auto right_x = left.right_to_left ? area_.x : area_.x + area_.width - right.width;
        for (const auto& line : left.lines) {
            row.pieces.push_back({near, &left, &line, left_x, row.height});
            row.height += line.height;
        }
        const auto& last = right.lines.front();
        auto baseline = std::max(left.lines.front().baseline - last.baseline, 0.0);
        row.pieces.push_back({far, &right, &last, right_x, baseline});
        row.height = std::max(row.height, baseline + last.height);
        flow_.rows.push_back(std::move(row));
    }

    void bullets(int parent, const std::vector<Text>& texts, double before) {
        if (texts.empty()) return;
        auto list = element("L", parent);
        for (const auto& text : texts) {
            bullet(list, text, before);
            before = style_.bullet_space;
        }
    }

    void bullet(int list, const Text& text, double before) {
        auto item = element("LI", list);
        auto label = element("Lbl", item);
        auto body = element("LBody", item);
        const auto& mark = keep(type_.set(std::string(style_.bullet), style_.body, -1));
        const auto& set = keep(type_.set(text, style_.body, area_.width - style_.bullet_indent));
        auto first = flow_.rows.size();
        lines(body, set, set.right_to_left ? area_.x : area_.x + style_.bullet_indent, before);
        auto x = set.right_to_left ? area_.x + area_.width - mark.width : area_.x;
        auto& pieces = flow_.rows[first].pieces;
        auto drop = set.lines.front().baseline - mark.lines.front().baseline;
        pieces.insert(pieces.begin(), {label, &mark, &mark.lines.front(), x, drop});
    }

    const Style& style_;
    Typesetter& type_;
    Box area_;
    Flow flow_;
    int root_ = 0;
};

}  // namespace

Flow compose(const Document& document, const Style& style, PageSize page, Typesetter& type) {
    return Composer(style, page, type).compose(document);
}

}  // namespace afterresume::documents
