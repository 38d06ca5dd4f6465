// The fixtures of the contract tests: a program for each engine, shared by the tests of a suite.
#pragma once

#include "program.h"

namespace afterresume::contract {

class WithProgram : public testing::Test {
protected:
    static void TearDownTestSuite() {
        for (const auto& [dialect, program] : programs_) program->check_jobs();
        close_programs();
    }
    static void close_programs() { programs_.clear(); }

    // Skips the test when there is no server of this engine.
    void use(sql::Dialect dialect) {
        if (dialect == sql::Dialect::postgres && !sql::test_server_url())
            GTEST_SKIP() << "TEST_DATABASE_URL is not set";
        // One that cannot be made leaves nothing to be asked for its promises.
        if (!programs_.contains(dialect))
            programs_.emplace(dialect, std::make_unique<Program>(dialect));
        program_ = programs_.at(dialect).get();
    }
    Program& program() { return *program_; }
    Answer call(
        const std::string& method, const std::string& path, Actor as, const std::string& body = {},
        const Headers& headers = {}
    ) {
        return program_->call(method, path, as, body, headers);
    }

private:
    inline static std::map<sql::Dialect, std::unique_ptr<Program>> programs_;
    Program* program_ = nullptr;
};

class ProgramTest : public WithProgram, public testing::WithParamInterface<sql::Dialect> {
protected:
    void SetUp() override { use(GetParam()); }
};

inline const Headers overwrite{{"if-match", "*"}};

// The refresh token of an answer as the next request's Cookie header.
inline Headers cookie_of(const Answer& answer) {
    auto set = answer.header("Set-Cookie");
    return {{"cookie", set.substr(0, set.find(';'))}};
}

}  // namespace afterresume::contract
