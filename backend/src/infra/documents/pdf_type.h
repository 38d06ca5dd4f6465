// Setting text into lines: Pango's part of the PDF renderer. A Typesetter belongs to one call of
// to_pdf on one thread; the paragraphs it sets keep what they need and may outlive it.
#pragma once

#include "infra/documents/document.h"
#include "infra/documents/style.h"

#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <vector>

namespace afterresume::documents {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* owned) const {
        release(owned);
    }
};

enum class Alignment : std::uint8_t { start, centre };

// A byte range of a paragraph that is drawn in one colour and perhaps leads somewhere.
struct Stretch {
    int end = 0;
    Colour colour;
    std::string url;
};

struct Line {
    PangoLayoutLine* set = nullptr;
    double x = 0;
    double width = 0;
    double height = 0;
    // From the top of the line.
    double baseline = 0;
};

struct Paragraph {
    std::unique_ptr<PangoLayout, Release<&g_object_unref>> layout;
    std::string text;
    std::vector<Stretch> stretches;
    std::vector<Line> lines;
    double width = 0;
    bool right_to_left = false;
    bool has_links = false;

    const Stretch& stretch_at(int byte) const;
};

class Typesetter {
public:
    // `language` as in Document.
    Typesetter(const Style& style, const std::string& language);

    // Lines of at most `width` points; one line however long when `width` is negative. Throws
    // Error(invalid, "documents.missing_glyph").
    Paragraph set(
        const Text& text, const Face& face, double width, Alignment alignment = Alignment::start
    );

private:
    const Style& style_;
    std::unique_ptr<PangoContext, Release<&g_object_unref>> context_;
};

}  // namespace afterresume::documents
