// One promise of the API as a row of a table: who calls what, and what must come back.
#pragma once

#include "fixture.h"

namespace afterresume::contract {

struct Promise {
    std::string sentence;
    Actor as;
    std::string method;
    std::string path;
    std::string body;
    int status;
    // What the body holds.
    std::vector<std::string> has = {};
    std::vector<std::string> lacks = {};
    Headers headers = {};
};

inline void PrintTo(const Promise& promise, std::ostream* out) { *out << promise.sentence; }

class PromiseTest : public WithProgram,
                    public testing::WithParamInterface<std::tuple<sql::Dialect, Promise>> {
protected:
    void SetUp() override {
        use(std::get<0>(GetParam()));
        if (!IsSkipped()) program().furnish();
    }
    void keep() {
        const auto& promise = std::get<1>(GetParam());
        auto answer = call(promise.method, promise.path, promise.as, promise.body, promise.headers);
        EXPECT_EQ(answer.status, promise.status) << answer.body;
        for (const auto& text : promise.has)
            EXPECT_THAT(answer.body, testing::HasSubstr(program().fill(text)));
        for (const auto& text : promise.lacks)
            EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr(program().fill(text))));
    }
};

// "Refuses a broken body" → "RefusesABrokenBody_sqlite".
inline std::string promise_name(
    const testing::TestParamInfo<std::tuple<sql::Dialect, Promise>>& info
) {
    std::string name;
    bool capital = true;
    for (char c : std::get<1>(info.param).sentence) {
        if (!std::isalnum(static_cast<unsigned char>(c))) {
            capital = true;
            continue;
        }
        name += capital ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        capital = false;
    }
    return name + (std::get<0>(info.param) == sql::Dialect::sqlite ? "_sqlite" : "_postgres");
}

inline auto promises(const std::vector<std::vector<Promise>>& tables) {
    std::vector<Promise> rows;
    for (const auto& table : tables) rows.insert(rows.end(), table.begin(), table.end());
    return testing::Combine(sql::both_databases(), testing::ValuesIn(rows));
}

}  // namespace afterresume::contract
