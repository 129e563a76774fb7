// What to look at in the types of each package. `type` is an expression of TypeScript.
//   names: the literals of a discriminator, over all members of a union
//   members: the names of the properties
//   values: the literals of a union or an enum
const responses = 'import("openai/resources/responses/responses")';
const chat = 'import("openai/resources/chat/completions/completions")';
const messages = 'import("@anthropic-ai/sdk/resources/messages/messages")';
const beta = 'import("@anthropic-ai/sdk/resources/beta/messages/messages")';
const shared = 'import("@anthropic-ai/sdk/resources/shared")';
const google = 'import("@google/genai")';
const steps = `${google}.Interactions`;

export const packages = ['openai', '@anthropic-ai/sdk', '@google/genai'];

export const roots = [
  { provider: 'OpenAI Responses', kind: 'event', type: `${responses}.ResponseStreamEvent`, names: 'type' },
  { provider: 'OpenAI Responses', kind: 'WebSocket event', type: `${responses}.ResponsesServerEvent`, names: 'type' },
  { provider: 'OpenAI Responses', kind: 'item', type: `${responses}.ResponseOutputItem | ${responses}.ResponseItem | ${responses}.ResponseInputItem`, names: 'type' },
  { provider: 'OpenAI Responses', kind: 'content part', type: `${responses}.ResponseContent | ${responses}.ResponseContentPartAddedEvent["part"]`, names: 'type' },
  { provider: 'OpenAI Responses', kind: 'annotation', type: `${responses}.ResponseOutputText["annotations"][number]`, names: 'type' },
  { provider: 'OpenAI Responses', kind: 'status', type: `NonNullable<${responses}.Response["status"]>`, values: true },
  { provider: 'OpenAI Responses', kind: 'incomplete reason', type: `NonNullable<NonNullable<${responses}.Response["incomplete_details"]>["reason"]>`, values: true },
  { provider: 'OpenAI Responses', kind: 'error code', type: `${responses}.ResponseError["code"]`, values: true },
  { provider: 'OpenAI Responses', kind: 'member of a response', type: `${responses}.Response`, members: true },
  { provider: 'OpenAI Responses', kind: 'member of usage', type: `${responses}.ResponseUsage`, members: true, nested: true },

  { provider: 'OpenAI Chat Completions', kind: 'member of a chunk', type: `${chat}.ChatCompletionChunk`, members: true },
  { provider: 'OpenAI Chat Completions', kind: 'member of a choice', type: `${chat}.ChatCompletionChunk.Choice`, members: true },
  { provider: 'OpenAI Chat Completions', kind: 'member of a delta', type: `${chat}.ChatCompletionChunk.Choice.Delta`, members: true },
  { provider: 'OpenAI Chat Completions', kind: 'finish reason', type: `NonNullable<${chat}.ChatCompletionChunk.Choice["finish_reason"]>`, values: true },
  { provider: 'OpenAI Chat Completions', kind: 'tool call', type: `${chat}.ChatCompletionMessageToolCall`, names: 'type' },
  { provider: 'OpenAI Chat Completions', kind: 'content part', type: `${chat}.ChatCompletionContentPart`, names: 'type' },
  { provider: 'OpenAI Chat Completions', kind: 'member of usage', type: 'import("openai/resources/completions").CompletionUsage', members: true, nested: true },

  { provider: 'Anthropic Messages', kind: 'event', type: `${messages}.RawMessageStreamEvent | ${beta}.BetaRawMessageStreamEvent`, names: 'type' },
  { provider: 'Anthropic Messages', kind: 'block', type: `${messages}.ContentBlock | ${beta}.BetaContentBlock`, names: 'type' },
  { provider: 'Anthropic Messages', kind: 'block of a request', type: `${messages}.ContentBlockParam | ${beta}.BetaContentBlockParam`, names: 'type' },
  { provider: 'Anthropic Messages', kind: 'delta', type: `${messages}.RawContentBlockDelta | ${beta}.BetaRawContentBlockDelta`, names: 'type' },
  { provider: 'Anthropic Messages', kind: 'citation', type: `${messages}.TextCitation | ${beta}.BetaTextCitation`, names: 'type' },
  { provider: 'Anthropic Messages', kind: 'stop reason', type: `${messages}.StopReason | ${beta}.BetaStopReason`, values: true },
  { provider: 'Anthropic Messages', kind: 'error type', type: `${shared}.ErrorType`, values: true },
  { provider: 'Anthropic Messages', kind: 'member of a message', type: `${beta}.BetaMessage`, members: true },
  { provider: 'Anthropic Messages', kind: 'member of message_delta', type: `${beta}.BetaRawMessageDeltaEvent`, members: true },
  { provider: 'Anthropic Messages', kind: 'member of message_delta.delta', type: `${beta}.BetaRawMessageDeltaEvent["delta"]`, members: true },
  { provider: 'Anthropic Messages', kind: 'member of usage', type: `${beta}.BetaUsage`, members: true, nested: true },

  { provider: 'Gemini generateContent', kind: 'member of a part', type: `${google}.Part`, members: true },
  { provider: 'Gemini generateContent', kind: 'member of a candidate', type: `${google}.Candidate`, members: true },
  { provider: 'Gemini generateContent', kind: 'member of a response', type: `Pick<${google}.GenerateContentResponse, "candidates" | "createTime" | "modelVersion" | "promptFeedback" | "responseId" | "usageMetadata">`, members: true },
  { provider: 'Gemini generateContent', kind: 'member of a function call', type: `${google}.FunctionCall`, members: true },
  { provider: 'Gemini generateContent', kind: 'member of a partial argument', type: `${google}.PartialArg`, members: true },
  { provider: 'Gemini generateContent', kind: 'finish reason', type: `${google}.FinishReason`, values: true },
  { provider: 'Gemini generateContent', kind: 'blocked reason', type: `${google}.BlockedReason`, values: true },
  { provider: 'Gemini generateContent', kind: 'member of usage', type: `${google}.GenerateContentResponseUsageMetadata`, members: true },

  { provider: 'Gemini Interactions', kind: 'event', type: `${steps}.InteractionSSEEvent`, names: 'event_type' },
  { provider: 'Gemini Interactions', kind: 'step', type: `${steps}.Step`, names: 'type' },
  { provider: 'Gemini Interactions', kind: 'delta', type: `${steps}.StepDelta["delta"]`, names: 'type' },
  { provider: 'Gemini Interactions', kind: 'status', type: `Extract<${steps}.InteractionSSEEvent, { event_type: "interaction.completed" }>["interaction"]["status"]`, values: true },
];
