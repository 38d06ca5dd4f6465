// A program's database as its owner has it, past all fences and beside the program: for looking at
// everything, and for rows that nobody would write.
#pragma once

#include "infra/config/settings.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace afterresume::contract {

struct Column {
    std::string name;
    std::string type;
    bool may_be_null = false;
};

class Owner {
public:
    struct Connection;
    explicit Owner(const config::Settings& settings);
    ~Owner();
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;

    // Fields as text, NULL as "NULL".
    std::vector<std::vector<std::string>> rows(const std::string& sql);
    std::int64_t count(const std::string& table, const std::string& where);
    // Neither foreign keys nor triggers look.
    void insert(const std::string& table, const std::map<std::string, std::string>& literals);
    // By name, those that have that column; no partitions.
    std::map<std::string, std::vector<Column>> tables_with(const std::string& column);

private:
    std::unique_ptr<Connection> connection_;
};

}  // namespace afterresume::contract
