// The one header of the engine that a feature includes: what operators see of it and may do to it.
#pragma once

#include "engine/api/batch.h"
#include "engine/jobs/inspection.h"
#include "engine/jobs/operation.h"
#include "engine/jobs/queue_control.h"
#include "engine/schedules/operation.h"
