#include "features/skills/model.h"

#include "core/text.h"

#include <algorithm>
#include <array>
#include <map>

namespace afterresume::skills {

namespace {

// Union–find with path halving.
class Groups {
public:
    Id<Skill> root(Id<Skill> id) {
        parents_.try_emplace(id, id);
        while (parents_[id] != id) {
            parents_[id] = parents_[parents_[id]];
            id = parents_[id];
        }
        return id;
    }
    void join(Id<Skill> one, Id<Skill> other) { parents_[root(one)] = root(other); }
    std::vector<std::vector<Id<Skill>>> all() {
        std::map<Id<Skill>, std::vector<Id<Skill>>> by_root;
        for (const auto& [id, parent] : parents_) by_root[root(id)].push_back(id);
        std::vector<std::vector<Id<Skill>>> out;
        for (auto& [id, members] : by_root) out.push_back(std::move(members));
        return out;
    }

private:
    std::map<Id<Skill>, Id<Skill>> parents_;
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 24> category_titles{{
    {"", "Other"},
    {"ai", "AI and machine learning"},
    {"ai_tool", "AI tools"},
    {"cloud_service", "Cloud services"},
    {"concept", "Concepts"},
    {"data_tool", "Data tools"},
    {"database", "Databases"},
    {"design_tool", "Design tools"},
    {"devops", "DevOps"},
    {"devops_tool", "DevOps tools"},
    {"framework", "Frameworks"},
    {"health", "Health care"},
    {"human_language", "Languages"},
    {"language", "Programming languages"},
    {"library", "Libraries"},
    {"method", "Methods"},
    {"network_tool", "Network tools"},
    {"operating_system", "Operating systems"},
    {"platform", "Platforms"},
    {"protocol", "Protocols and standards"},
    {"security_tool", "Security tools"},
    {"soft", "Personal skills"},
    {"tool", "Tools"},
    {"product", "Product management"},
}};

}  // namespace

std::string category_title(const std::string& category) {
    for (const auto& [name, title] : category_titles) {
        if (name == category) return std::string(title);
    }
    auto title = category;
    std::replace(title.begin(), title.end(), '_', ' ');
    if (title.front() >= 'a' && title.front() <= 'z')
        title.front() = static_cast<char>(title.front() - 32);
    return title;
}

std::vector<std::vector<Id<Skill>>> clusters_of(
    const std::vector<Link>& links, std::int64_t least
) {
    Groups groups;
    for (const auto& link : links) {
        if (link.entries >= least) groups.join(link.one, link.other);
    }
    auto out = groups.all();
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return std::pair(b.size(), a.front()) < std::pair(a.size(), b.front());
    });
    return out;
}

std::string slug_of(const std::string& name) {
    std::string slug;
    for (char c : fold_for_search(name)) {
        auto plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
        if (c == '+') slug += "-plus";
        if (c == '#') slug += "-sharp";
        if (plain) slug += c;
        if (!plain && c != '+' && c != '#' && !slug.empty() && slug.back() != '-') slug += '-';
    }
    while (slug.ends_with('-')) slug.pop_back();
    return slug;
}

}  // namespace afterresume::skills
