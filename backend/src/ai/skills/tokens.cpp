#include "ai/skills/tokens.h"

#include "ai/skills/folding.h"

namespace afterresume::skill_matching {

namespace {

constexpr std::size_t longest_sentence = 120;

bool belongs_to_word(char32_t value) {
    return is_word(value) || value == '<' || value == '>' || value == '_';
}

// Signs that end a word even without a space around them, as in Markdown links.
bool cuts_word(char32_t value) {
    constexpr std::u32string_view signs = U"[](){}`\",;|=";
    return signs.find(value) != std::u32string_view::npos;
}

bool may_open(std::string_view chunk) {
    auto first = code_point_at(chunk, 0);
    if (belongs_to_word(first.value) || chunk.size() == first.size) return true;
    return first.value == '.' && chunk.size() > 1 && belongs_to_word(code_point_at(chunk, 1).value);
}

bool may_close(std::string_view chunk) {
    auto last = code_point_before(chunk, chunk.size());
    return belongs_to_word(last.value) || last.value == '#' || last.value == '+' ||
           chunk.size() == last.size;
}

class Cutter {
public:
    explicit Cutter(std::string_view text) : text_(text) {}

    std::vector<Sentence> cut() {
        for (std::size_t position = 0; position < text_.size();) {
            auto next = code_point_at(text_, position);
            if (next.value == '\n') end_sentence();
            if (next.value <= ' ' || next.value == 0xA0) {
                position += next.size;
                continue;
            }
            auto end = position;
            while (end < text_.size()) {
                auto inner = code_point_at(text_, end);
                if (inner.value <= ' ' || inner.value == 0xA0) break;
                end += inner.size;
                if (cuts_word(inner.value)) break;
            }
            add_chunk(position, end);
            position = end;
        }
        end_sentence();
        return std::move(sentences_);
    }

private:
    void add_chunk(std::size_t start, std::size_t end) {
        while (start < end && !may_open(text_.substr(start, end - start))) {
            auto size = code_point_at(text_, start).size;
            add(start, start + size);
            start += size;
        }
        auto core_end = end;
        while (core_end > start && !may_close(text_.substr(start, core_end - start))) {
            core_end -= code_point_before(text_.substr(0, core_end), core_end).size;
        }
        add(start, core_end);
        bool ended = false;
        for (auto position = core_end; position < end;) {
            auto sign = code_point_at(text_, position);
            add(position, position + sign.size);
            ended = ended || sign.value == '.' || sign.value == '!' || sign.value == '?';
            position += sign.size;
        }
        if (ended || current_.size() >= longest_sentence) end_sentence();
    }

    void add(std::size_t start, std::size_t end) {
        current_.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end)});
    }

    void end_sentence() {
        if (!current_.empty()) sentences_.push_back(std::move(current_));
        current_.clear();
    }

    std::string_view text_;
    Sentence current_;
    std::vector<Sentence> sentences_;
};

}  // namespace

std::vector<Sentence> sentences_of(std::string_view text) { return Cutter(text).cut(); }

}  // namespace afterresume::skill_matching
