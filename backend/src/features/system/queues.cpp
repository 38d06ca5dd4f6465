#include "features/system/service.h"

#include <algorithm>

namespace afterresume::system {

namespace {

using jobs::QueueName;
using jobs::State;

QueueName queue_of(const std::string& name) {
    if (auto queue = describe::enum_named<QueueName>(name)) return *queue;
    throw Error::not_found("queue");
}

std::string subject_of(QueueName queue) { return std::string(describe::name_of(queue)); }

void count(Queue& queue, const jobs::Depth& depth) {
    switch (depth.state) {
        case State::blocked:
            queue.blocked = depth.jobs;
            break;
        case State::scheduled:
            queue.scheduled = depth.jobs;
            break;
        case State::running:
            queue.running = depth.jobs;
            break;
        case State::waiting:
            queue.waiting = depth.jobs;
            break;
        case State::ready:
            queue.ready = depth.jobs;
            queue.oldest_ready = depth.oldest;
            break;
    }
}

bool is_as_any_other(const jobs::TenantQueue& tenant) {
    return tenant.running == 0 && tenant.weight == 1 && !tenant.max_running && !tenant.paused;
}

}  // namespace

Task<QueueList> Service::list_queues(sql::Tx& tx) {
    auto depths = co_await jobs::list_depths(tx);
    auto paused = co_await jobs::list_paused(tx);
    QueueList all;
    for (auto name :
         {QueueName::interactive, QueueName::ai, QueueName::documents, QueueName::delivery,
          QueueName::maintenance}) {
        Queue queue;
        queue.name = name;
        queue.paused = std::ranges::find(paused, name) != paused.end();
        for (const auto& depth : depths) {
            if (depth.queue == name) count(queue, depth);
        }
        queue.tenants = co_await jobs::list_tenants(tx, name);
        std::erase_if(queue.tenants, is_as_any_other);
        all.items.push_back(std::move(queue));
    }
    co_return all;
}

Task<QueueList> Service::pause_queue(sql::Tx& tx, Operator by, std::string name) {
    auto queue = queue_of(name);
    jobs::pause_queue(tx, queue);
    record(tx, by, Act::pause_queue, TenantId{0}, subject_of(queue));
    co_return co_await list_queues(tx);
}

Task<QueueList> Service::resume_queue(sql::Tx& tx, Operator by, std::string name) {
    auto queue = queue_of(name);
    jobs::resume_queue(tx, queue);
    tx.after_commit([&doorbell = doorbell_] { doorbell.ring(); });
    record(tx, by, Act::resume_queue, TenantId{0}, subject_of(queue));
    co_return co_await list_queues(tx);
}

Task<QueueList> Service::set_share(sql::Tx& tx, Operator by, std::string name, SetShare wanted) {
    auto queue = queue_of(name);
    auto share = co_await jobs::get_share(tx, queue, wanted.tenant_id);
    wanted.weight.apply_to(share.weight);
    wanted.max_running.apply_to(share.max_running);
    jobs::set_share(tx, queue, wanted.tenant_id, share, clock_.now());
    if (wanted.paused.value) {
        auto set_paused = *wanted.paused.value ? jobs::pause_tenant : jobs::resume_tenant;
        set_paused(tx, queue, wanted.tenant_id);
    }
    tx.after_commit([&doorbell = doorbell_] { doorbell.ring(); });
    record(tx, by, Act::set_share, wanted.tenant_id, subject_of(queue));
    co_return co_await list_queues(tx);
}

}  // namespace afterresume::system
