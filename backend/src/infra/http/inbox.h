// Bytes that came in and nobody has used yet. Owned by a connection.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace afterresume::http {

class Inbox {
public:
    std::string_view view() const { return std::string_view(bytes_).substr(begin_); }
    bool empty() const { return begin_ == bytes_.size(); }
    std::size_t size() const { return bytes_.size() - begin_; }

    void append(std::string_view more) {
        if (begin_ != 0 && begin_ >= bytes_.size() / 2) {
            bytes_.erase(0, begin_);
            begin_ = 0;
        }
        bytes_.append(more);
    }
    void drop(std::size_t count) {
        begin_ += count;
        if (begin_ != bytes_.size()) return;
        bytes_.clear();
        begin_ = 0;
    }
    // Gives memory back when there is nothing to keep.
    void trim() {
        if (empty()) std::string().swap(bytes_);
    }

private:
    std::string bytes_;
    std::size_t begin_ = 0;
};

}  // namespace afterresume::http
