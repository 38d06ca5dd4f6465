// Lists. A page is a bounded piece of a list and the cursor that continues it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace afterresume {

template <class T>
struct Page {
    std::vector<T> items;
    std::optional<std::string> next_cursor;
};

inline constexpr std::int64_t default_page_size = 20;
inline constexpr std::int64_t largest_page_size = 100;

// Keeps at most `size` of the size + 1 rows that a list statement asks for; `cursor_of` names the
// last one kept.
template <class T, class CursorOf>
Page<T> cut_page(std::vector<T> rows, std::int64_t size, CursorOf cursor_of) {
    Page<T> page{std::move(rows), std::nullopt};
    if (static_cast<std::int64_t>(page.items.size()) > size) {
        page.items.resize(static_cast<std::size_t>(size));
        page.next_cursor = cursor_of(page.items.back());
    }
    return page;
}

}  // namespace afterresume
