#include "core/error.h"
#include "infra/documents/clean.h"
#include "infra/documents/pdf_flow.h"
#include "infra/documents/render.h"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace afterresume::documents {

namespace {

using Surface = std::unique_ptr<cairo_surface_t, Release<&cairo_surface_destroy>>;
using Canvas = std::unique_ptr<cairo_t, Release<&cairo_destroy>>;

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int size) {
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

void require_success(cairo_status_t status) {
    if (status == CAIRO_STATUS_SUCCESS) return;
    throw Error(ErrorKind::internal, "documents.render_failed", "The PDF could not be written.");
}

void set_colour(cairo_t* canvas, Colour colour) {
    cairo_set_source_rgb(canvas, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0);
}

// Opens and closes structure tags so that a row's pieces fall under their elements. cairo 1.16
// gives content to leaves of the tree only, and a leaf must end on the page where it began: an
// element that holds a link or continues on another page is therefore filled with Span and Link
// leaves.
class Tags {
public:
    Tags(cairo_t* canvas, const Flow& flow, const std::vector<Page>& pages)
        : canvas_(canvas), elements_(flow.elements), composite_(flow.elements.size(), false) {
        std::vector<const Page*> seen(elements_.size(), nullptr);
        for (const auto& page : pages) {
            for (const auto& placed : page) {
                for (const auto& piece : placed.row->pieces) note(piece, page, seen);
            }
        }
    }

    bool is_composite(int element) const { return composite_[static_cast<std::size_t>(element)]; }

    void enter(int element) {
        std::vector<int> path;
        for (auto at = element; at >= 0; at = elements_[static_cast<std::size_t>(at)].parent)
            path.push_back(at);
        std::reverse(path.begin(), path.end());
        auto shared = std::mismatch(open_.begin(), open_.end(), path.begin(), path.end()).second -
                      path.begin();
        close_to(static_cast<std::size_t>(shared));
        for (auto i = static_cast<std::size_t>(shared); i < path.size(); ++i) {
            cairo_tag_begin(canvas_, elements_[static_cast<std::size_t>(path[i])].name, nullptr);
            open_.push_back(path[i]);
        }
    }

    void end_page() {
        if (!open_.empty() && !composite_[static_cast<std::size_t>(open_.back())])
            close_to(open_.size() - 1);
    }

    void end_document() { close_to(0); }

private:
    void note(const Piece& piece, const Page& page, std::vector<const Page*>& seen) {
        auto at = static_cast<std::size_t>(piece.element);
        if (piece.paragraph->has_links || (seen[at] != nullptr && seen[at] != &page))
            composite_[at] = true;
        seen[at] = &page;
    }

    void close_to(std::size_t depth) {
        while (open_.size() > depth) {
            cairo_tag_end(canvas_, elements_[static_cast<std::size_t>(open_.back())].name);
            open_.pop_back();
        }
    }

    cairo_t* canvas_;
    const std::vector<Element>& elements_;
    std::vector<bool> composite_;
    std::vector<int> open_;
};

// A stretch of a line as it lies on the page, in drawing order from left to right.
struct Segment {
    const Stretch* stretch = nullptr;
    std::vector<PangoGlyphItem*> items;
    double x = 0;
    double width = 0;
};

std::vector<Segment> segments_of(const Paragraph& paragraph, const Line& line) {
    std::vector<Segment> segments;
    double x = line.x;
    for (auto* run = line.set->runs; run != nullptr; run = run->next) {
        auto* item = static_cast<PangoGlyphItem*>(run->data);
        const auto* stretch = &paragraph.stretch_at(item->item->offset);
        if (segments.empty() || segments.back().stretch != stretch)
            segments.push_back({stretch, {}, x, 0});
        auto width = pango_units_to_double(pango_glyph_string_get_width(item->glyphs));
        segments.back().items.push_back(item);
        segments.back().width += width;
        x += width;
    }
    return segments;
}

void draw(
    cairo_t* canvas, const Paragraph& paragraph, const Segment& segment, double x, double baseline
) {
    set_colour(canvas, segment.stretch->colour);
    for (auto* item : segment.items) {
        cairo_move_to(canvas, x, baseline);
        pango_cairo_show_glyph_item(canvas, paragraph.text.c_str(), item);
        x += pango_units_to_double(pango_glyph_string_get_width(item->glyphs));
    }
}

void draw(cairo_t* canvas, Tags& tags, const Piece& piece, double top) {
    tags.enter(piece.element);
    const auto& line = *piece.line;
    auto y = top + piece.y;
    for (const auto& segment : segments_of(*piece.paragraph, line)) {
        auto x = piece.x + segment.x;
        const auto& url = segment.stretch->url;
        const char* name = url.empty() ? "Span" : CAIRO_TAG_LINK;
        bool tagged = tags.is_composite(piece.element);
        if (tagged) {
            auto attributes = url.empty() ? std::string()
                                          : fmt::format(
                                                "rect=[{:.3f} {:.3f} {:.3f} {:.3f}] uri='{}'", x, y,
                                                segment.width, line.height, url
                                            );
            cairo_tag_begin(canvas, name, attributes.c_str());
        }
        draw(canvas, *piece.paragraph, segment, x, y + line.baseline);
        if (tagged) cairo_tag_end(canvas, name);
    }
}

void draw_rule(cairo_t* canvas, const Style& style, PageSize page, double y) {
    set_colour(canvas, style.rule);
    cairo_rectangle(canvas, style.side_margin, y - 0.6, page.width - 2 * style.side_margin, 0.6);
    cairo_fill(canvas);
}

class Writer {
public:
    Writer(
        cairo_surface_t* surface, const Style& style, PageSize size, Typesetter& type,
        const Flow& flow
    )
        : surface_(surface),
          canvas_(cairo_create(surface)),
          style_(style),
          size_(size),
          type_(type),
          pages_(paginate(flow, style, size)),
          tags_(canvas_.get(), flow, pages_) {}

    void write() {
        for (std::size_t number = 1; number <= pages_.size(); ++number) {
            for (const auto& placed : pages_[number - 1]) write(placed, number);
            tags_.end_page();
            if (pages_.size() > 1) write_number(number);
            if (number < pages_.size()) cairo_show_page(canvas_.get());
        }
        tags_.end_document();
        cairo_show_page(canvas_.get());
        require_success(cairo_status(canvas_.get()));
    }

private:
    void write(const Placed& placed, std::size_t page) {
        const auto& row = *placed.row;
        if (!row.bookmark.empty()) bookmark(row, placed.y, page);
        for (const auto& piece : row.pieces) draw(canvas_.get(), tags_, piece, placed.y);
        if (row.ruled) {
            tags_.end_page();
            draw_rule(canvas_.get(), style_, size_, placed.y + row.height);
        }
    }

    void bookmark(const Row& row, double y, std::size_t page) {
        auto parent = row.depth == 0 ? CAIRO_PDF_OUTLINE_ROOT : section_;
        auto target = fmt::format(
            "page={} pos=[{:.2f} {:.2f}]", page, style_.side_margin, std::max(y - 6, 0.0)
        );
        auto id = cairo_pdf_surface_add_outline(
            surface_, parent, row.bookmark.c_str(), target.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN
        );
        if (row.depth == 0) section_ = id;
    }

    void write_number(std::size_t number) {
        auto text = fmt::format("{} / {}", number, pages_.size());
        auto set = type_.set(text, style_.note, -1);
        auto x = size_.width - style_.side_margin - set.width;
        auto y = size_.height - style_.bottom_margin * 0.62;
        for (const auto& segment : segments_of(set, set.lines.front()))
            draw(canvas_.get(), set, segment, x + segment.x, y);
    }

    cairo_surface_t* surface_;
    Canvas canvas_;
    const Style& style_;
    PageSize size_;
    Typesetter& type_;
    std::vector<Page> pages_;
    Tags tags_;
    int section_ = CAIRO_PDF_OUTLINE_ROOT;
};

void describe(cairo_surface_t* surface, const Document& document, const Options& options) {
    auto set = [&](cairo_pdf_metadata_t what, const std::string& text) {
        if (!text.empty()) cairo_pdf_surface_set_metadata(surface, what, text.c_str());
    };
    set(CAIRO_PDF_METADATA_TITLE, document.title);
    set(CAIRO_PDF_METADATA_AUTHOR, document.author);
    set(CAIRO_PDF_METADATA_SUBJECT, document.subtitle);
    set(CAIRO_PDF_METADATA_CREATOR, "AfterResume");
    auto time = afterresume::to_text(options.created_at);
    auto stamp = time.substr(0, time.find('.')) + "Z";
    set(CAIRO_PDF_METADATA_CREATE_DATE, stamp);
    set(CAIRO_PDF_METADATA_MOD_DATE, stamp);
}

// cairo 1.16 cannot name the language, which a screen reader needs. Its catalogue is the last
// object of the file, so that what is put in there moves nothing but the cross-reference table.
void name_language(std::string& pdf, const std::string& language) {
    constexpr std::string_view catalogue = "/Type /Catalog";
    constexpr std::string_view start = "startxref\n";
    auto at = pdf.rfind(catalogue);
    auto table = pdf.rfind(start);
    if (at == std::string::npos || table == std::string::npos || language.empty()) return;
    auto digits = pdf.substr(
        table + start.size(), pdf.find('\n', table + start.size()) - table - start.size()
    );
    auto entry =
        fmt::format("\n   /Lang ({})\n   /ViewerPreferences << /DisplayDocTitle true >>", language);
    pdf.replace(
        table + start.size(), digits.size(), std::to_string(std::stoull(digits) + entry.size())
    );
    pdf.insert(at + catalogue.size(), entry);
}

}  // namespace

std::string to_pdf(const Document& given, const Options& options) {
    const auto document = cleaned(given);
    const auto style = style_of(options);
    const auto size = size_of(options.paper);
    Typesetter type(style, document.language);
    const auto flow = compose(document, style, size, type);
    std::string out;
    Surface surface(cairo_pdf_surface_create_for_stream(&append, &out, size.width, size.height));
    cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
    describe(surface.get(), document, options);
    Writer(surface.get(), style, size, type, flow).write();
    cairo_surface_finish(surface.get());
    require_success(cairo_surface_status(surface.get()));
    name_language(out, document.language);
    return out;
}

}  // namespace afterresume::documents
