// A document set into rows that a page can take one after the other, with the structure that the
// tags of the PDF tell. Made by compose(), placed by paginate(), drawn by to_pdf().
#pragma once

#include "infra/documents/document.h"
#include "infra/documents/pdf_type.h"
#include "infra/documents/style.h"

#include <deque>
#include <string>
#include <vector>

namespace afterresume::documents {

struct PageSize {
    double width = 0;
    double height = 0;
};

PageSize size_of(Paper paper);

// A node of the structure tree, named as PDF names it (Sect, H2, P, LI, …).
struct Element {
    const char* name = "";
    int parent = -1;
};

// One line of a paragraph within a row.
struct Piece {
    int element = 0;
    const Paragraph* paragraph = nullptr;
    const Line* line = nullptr;
    // Of the paragraph's box, from the left edge of the page.
    double x = 0;
    // Of the line's top, from the row's top.
    double y = 0;
};

enum class Break : std::uint8_t { allowed, forbidden };

// What a page takes whole.
struct Row {
    double space_before = 0;
    double height = 0;
    Break after = Break::allowed;
    std::vector<Piece> pieces;
    // Draws a thin line across the text area at the row's lower edge.
    bool ruled = false;
    // The name of a bookmark to here and its depth, if there is a name.
    std::string bookmark;
    int depth = 0;
};

struct Flow {
    std::deque<Paragraph> paragraphs;
    std::vector<Element> elements;
    std::vector<Row> rows;
};

Flow compose(const Document& document, const Style& style, PageSize page, Typesetter& type);

struct Placed {
    const Row* row = nullptr;
    double y = 0;
};

using Page = std::vector<Placed>;

// Rows between which no break is allowed stay on one page unless they fill more than a whole one.
std::vector<Page> paginate(const Flow& flow, const Style& style, PageSize page);

}  // namespace afterresume::documents
