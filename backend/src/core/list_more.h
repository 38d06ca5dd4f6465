// Lists in the order of their ids: what asks for a page of one, and the page.
#pragma once

#include "core/describe/notes.h"
#include "core/describe/traits.h"
#include "core/page.h"

#include <string>

namespace afterresume {

struct ListMore {
    std::int64_t page_size = default_page_size;
    std::optional<std::int64_t> cursor;
};
BOOST_DESCRIBE_STRUCT(ListMore, (), (page_size, cursor))

constexpr auto notes(ListMore*) {
    using namespace describe;
    return std::tuple{
        note(&ListMore::page_size, "Items on a page", range{1, largest_page_size}),
        note(&ListMore::cursor, "next_cursor of the page before"),
    };
}

template <class T>
Page<T> cut_by_id(std::vector<T> rows, std::int64_t size) {
    return cut_page(std::move(rows), size, [](const T& last) {
        return std::to_string(last.id.value);
    });
}

}  // namespace afterresume
