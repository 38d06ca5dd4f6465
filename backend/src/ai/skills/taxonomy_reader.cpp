#include "ai/skills/taxonomy_reader.h"

#include <stdexcept>

#include <fmt/format.h>

namespace afterresume::skill_matching {

namespace {

// One line's flow value: a scalar, a [list] or a {map} of scalars and lists.
class FlowReader {
public:
    explicit FlowReader(std::string_view text) : text_(text) {}

    char peek() {
        skip_spaces();
        return position_ < text_.size() ? text_[position_] : '\0';
    }

    bool take(char wanted) {
        if (peek() != wanted) return false;
        ++position_;
        return true;
    }

    std::string scalar(std::string_view stops) {
        skip_spaces();
        if (take('"')) return quoted();
        auto end = text_.find_first_of(stops, position_);
        if (end == std::string_view::npos) end = text_.size();
        auto value = text_.substr(position_, end - position_);
        position_ = end;
        while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
        return std::string(value);
    }

    std::vector<std::string> list() {
        std::vector<std::string> values;
        expect('[');
        while (!take(']')) {
            values.push_back(scalar(",]"));
            if (peek() != ']') expect(',');
        }
        return values;
    }

    void expect(char wanted) {
        if (!take(wanted)) throw std::invalid_argument(fmt::format("expected '{}'", wanted));
    }

private:
    void skip_spaces() {
        while (position_ < text_.size() && text_[position_] == ' ') ++position_;
    }

    std::string quoted() {
        auto end = text_.find('"', position_);
        if (end == std::string_view::npos) throw std::invalid_argument("a quote is never closed");
        auto value = text_.substr(position_, end - position_);
        position_ = end + 1;
        return std::string(value);
    }

    std::string_view text_;
    std::size_t position_ = 0;
};

void read_rule(Skill& skill, FlowReader& reader, std::string_view key) {
    if (key == "aliases") {
        skill.aliases = reader.list();
    } else if (key == "near") {
        skill.near = reader.list();
    } else if (key == "slug") {
        skill.slug = reader.scalar(",}");
    } else if (key == "parent") {
        skill.parent = reader.scalar(",}");
    } else if (key == "case" && reader.scalar(",}") == "exact") {
        skill.casing = Casing::exact;
    } else if (key == "context" && reader.scalar(",}") == "required") {
        skill.context = Context::required;
    } else {
        throw std::invalid_argument(fmt::format("unknown rule {}", key));
    }
}

// The end of a key is a colon followed by a space or by nothing: names may hold colons themselves.
std::size_t key_end(std::string_view line) {
    auto found = line.find(": ");
    if (found != std::string_view::npos) return found;
    if (line.ends_with(':')) return line.size() - 1;
    throw std::invalid_argument("a line needs a key and a colon");
}

Skill read_skill(std::string_view line, std::string_view category) {
    auto end = key_end(line);
    auto name = line.substr(0, end);
    if (name.size() > 1 && name.front() == '"') name = name.substr(1, name.size() - 2);
    Skill skill;
    skill.name = name;
    skill.category = category;
    FlowReader reader(line.substr(end + 1));
    if (reader.peek() == '[') {
        skill.aliases = reader.list();
    } else if (reader.take('{')) {
        while (!reader.take('}')) {
            auto key = reader.scalar(":");
            reader.expect(':');
            read_rule(skill, reader, key);
            if (reader.peek() != '}') reader.expect(',');
        }
    }
    if (reader.peek() != '\0') throw std::invalid_argument("the line goes on after its value");
    return skill;
}

}  // namespace

std::vector<Skill> read_skills(std::string_view yaml) {
    std::vector<Skill> skills;
    std::string_view category;
    std::size_t number = 0;
    while (!yaml.empty()) {
        auto end = yaml.find('\n');
        auto line = yaml.substr(0, end);
        yaml.remove_prefix(end == std::string_view::npos ? yaml.size() : end + 1);
        ++number;
        if (line.empty() || line.front() == '#') continue;
        try {
            if (line.starts_with("  ")) {
                skills.push_back(read_skill(line.substr(2), category));
            } else {
                category = line.substr(0, key_end(line));
            }
        } catch (const std::invalid_argument& error) {
            throw std::invalid_argument(fmt::format("taxonomy line {}: {}", number, error.what()));
        }
    }
    return skills;
}

}  // namespace afterresume::skill_matching
