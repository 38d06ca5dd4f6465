#include "infra/documents/pdf_type.h"

#include "core/error.h"

#include <fmt/format.h>
#include <hb.h>

#include <algorithm>

namespace afterresume::documents {

namespace {

using Attributes = std::unique_ptr<PangoAttrList, Release<&pango_attr_list_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Release<&pango_font_description_free>>;
using Iterator = std::unique_ptr<PangoLayoutIter, Release<&pango_layout_iter_free>>;

double points(int units) { return pango_units_to_double(units); }

Font font_of(const Face& face) {
    Font font(pango_font_description_new());
    pango_font_description_set_family(font.get(), std::string(face.families).c_str());
    pango_font_description_set_size(font.get(), pango_units_from_double(face.size));
    pango_font_description_set_weight(font.get(), static_cast<PangoWeight>(face.weight));
    pango_font_description_set_style(
        font.get(), face.slant == Slant::italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL
    );
    return font;
}

void add(PangoAttrList* list, PangoAttribute* attribute, std::size_t begin, std::size_t end) {
    attribute->start_index = static_cast<guint>(begin);
    attribute->end_index = static_cast<guint>(end);
    pango_attr_list_insert(list, attribute);
}

void emphasise(
    PangoAttrList* list, const Span& span, const Face& face, const Style& style, std::size_t begin
) {
    auto end = begin + span.text.size();
    // Pango breaks runs where attributes end, which is what lets a link be drawn by itself.
    add(list, pango_attr_foreground_new(0, 0, 0), begin, end);
    if (span.emphasis == Emphasis::strong) {
        add(list, pango_attr_weight_new(static_cast<PangoWeight>(style.strong_weight)), begin, end);
    } else if (span.emphasis == Emphasis::emphasised) {
        auto slant = face.slant == Slant::italic ? PANGO_STYLE_NORMAL : PANGO_STYLE_ITALIC;
        add(list, pango_attr_style_new(slant), begin, end);
    } else if (span.emphasis == Emphasis::code) {
        add(list, pango_attr_family_new(std::string(style.code_families).c_str()), begin, end);
        add(list, pango_attr_scale_new(0.9), begin, end);
    }
}

void decorate(PangoAttrList* list, const Face& face) {
    if (face.tracking != 0) {
        pango_attr_list_insert(
            list, pango_attr_letter_spacing_new(pango_units_from_double(face.tracking))
        );
    }
    if (face.caps == Caps::small) {
        pango_attr_list_insert(list, pango_attr_font_features_new("smcp"));
    }
}

[[noreturn]] void refuse(char32_t missing) {
    throw Error(
        ErrorKind::invalid, "documents.missing_glyph",
        fmt::format(
            "No installed font can show the character U+{:04X}.",
            static_cast<std::uint32_t>(missing)
        )
    );
}

void require_glyphs(PangoLayout* layout) {
    if (pango_layout_get_unknown_glyphs_count(layout) == 0) return;
    for (auto* line = pango_layout_get_lines_readonly(layout); line != nullptr; line = line->next) {
        for (auto* run = static_cast<PangoLayoutLine*>(line->data)->runs; run != nullptr;
             run = run->next) {
            const auto* glyphs = static_cast<PangoGlyphItem*>(run->data)->glyphs;
            for (int i = 0; i < glyphs->num_glyphs; ++i) {
                auto glyph = glyphs->glyphs[i].glyph;
                if ((glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0)
                    refuse(glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
            }
        }
    }
}

// Pango takes the glyph of a space away where a line wraps. Given back, without width, it keeps the
// words of two lines apart for whoever reads the text of the page.
void restore_last_space(PangoLayoutLine* line, std::string_view text) {
    for (auto* run = line->runs; run != nullptr; run = run->next) {
        const auto& [item, glyphs, y, start, end] = *static_cast<PangoGlyphItem*>(run->data);
        for (int i = 0; i < glyphs->num_glyphs; ++i) {
            auto at = static_cast<std::size_t>(item->offset + glyphs->log_clusters[i]);
            if (glyphs->glyphs[i].glyph != PANGO_GLYPH_EMPTY || text[at] != ' ') continue;
            hb_codepoint_t space = 0;
            if (hb_font_get_nominal_glyph(
                    pango_font_get_hb_font(item->analysis.font), ' ', &space
                ) != 0) {
                glyphs->glyphs[i].glyph = space;
            }
        }
    }
}

std::vector<Line> lines_of(PangoLayout* layout, const Face& face, std::string_view text) {
    std::vector<Line> lines;
    Iterator at(pango_layout_get_iter(layout));
    do {
        PangoRectangle box;
        pango_layout_iter_get_line_extents(at.get(), nullptr, &box);
        Line line;
        line.set = pango_layout_iter_get_line_readonly(at.get());
        line.x = points(box.x);
        line.width = points(box.width);
        line.height = std::max(points(box.height), face.size * face.leading);
        line.baseline = (line.height - points(box.height)) / 2 +
                        points(pango_layout_iter_get_baseline(at.get()) - box.y);
        restore_last_space(line.set, text);
        lines.push_back(line);
    } while (pango_layout_iter_next_line(at.get()) != 0);
    return lines;
}

}  // namespace

const Stretch& Paragraph::stretch_at(int byte) const {
    auto found = std::find_if(stretches.begin(), stretches.end(), [&](const Stretch& s) {
        return byte < s.end;
    });
    return found == stretches.end() ? stretches.back() : *found;
}

Typesetter::Typesetter(const Style& style, const std::string& language)
    // Pango's default font map belongs to the calling thread, which makes rendering thread-safe.
    : style_(style), context_(pango_font_map_create_context(pango_cairo_font_map_get_default())) {
    pango_context_set_language(context_.get(), pango_language_from_string(language.c_str()));
    pango_context_set_round_glyph_positions(context_.get(), FALSE);
    pango_cairo_context_set_resolution(context_.get(), 72);
    std::unique_ptr<cairo_font_options_t, Release<&cairo_font_options_destroy>> exact(
        cairo_font_options_create()
    );
    cairo_font_options_set_hint_style(exact.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(exact.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_.get(), exact.get());
}

Paragraph Typesetter::set(const Text& text, const Face& face, double width, Alignment alignment) {
    Paragraph paragraph;
    Attributes attributes(pango_attr_list_new());
    decorate(attributes.get(), face);
    for (const auto& span : text.spans) {
        emphasise(attributes.get(), span, face, style_, paragraph.text.size());
        paragraph.text += span.text;
        auto colour = span.url.empty() ? face.colour : style_.link;
        paragraph.stretches.push_back({static_cast<int>(paragraph.text.size()), colour, span.url});
        paragraph.has_links |= !span.url.empty();
    }
    paragraph.layout.reset(pango_layout_new(context_.get()));
    auto* layout = paragraph.layout.get();
    pango_layout_set_font_description(layout, font_of(face).get());
    pango_layout_set_attributes(layout, attributes.get());
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (width >= 0) pango_layout_set_width(layout, pango_units_from_double(width));
    if (alignment == Alignment::centre) pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
    pango_layout_set_text(layout, paragraph.text.data(), static_cast<int>(paragraph.text.size()));
    require_glyphs(layout);
    paragraph.lines = lines_of(layout, face, paragraph.text);
    for (const auto& line : paragraph.lines)
        paragraph.width = std::max(paragraph.width, line.width);
    paragraph.right_to_left = pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
    return paragraph;
}

}  // namespace afterresume::documents
